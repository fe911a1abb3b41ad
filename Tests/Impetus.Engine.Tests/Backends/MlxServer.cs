using Impetus.Engine.Backends.Mlx;
using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Tests.Models;
using Impetus.Engine.Tests.Scheduling;

namespace Impetus.Engine.Tests.Backends;

/// <summary>A model on MLX, on an engine thread, for the length of a test. Skips the test where the library is missing.</summary>
internal sealed class MlxServer : IAsyncDisposable
{
    private readonly IDisposable _turn;
    private readonly LoadedDecoder _model;

    private MlxServer(IDisposable turn, EngineThread engine, MlxBackend backend, LoadedDecoder model) =>
        (_turn, Engine, Backend, _model) = (turn, engine, backend, model);

    public EngineThread Engine { get; }

    public MlxBackend Backend { get; }

    public IDecoder Decoder => _model.Decoder;

    public static async Task<MlxServer> StartAsync(string folder)
    {
        var turn = TestBackends.TakeMlx();
        var engine = new EngineThread();
        var (backend, model) = await engine.InvokeAsync(() =>
        {
            var backend = new MlxBackend();
            return (backend, new LoadedDecoder(folder, backend));
        });
        return new MlxServer(turn, engine, backend, model);
    }

    public DecoderScheduler Serve(IDecoder? decoder = null, SchedulerOptions? options = null) =>
        new(Engine, Backend, decoder ?? Decoder, null, new HashSet<int>(), options);

    public static GenerationRequest Greedy(int prompt, int answer) => new()
    {
        Prompt = [.. Enumerable.Range(0, prompt).Select(i => (i * 37) % 90)],
        MaxTokens = answer,
        Sampling = new SamplingOptions { Temperature = 0 },
    };

    public static async Task<Answer> AskAsync(DecoderScheduler scheduler, GenerationRequest request)
    {
        var events = new List<GenerationEvent>();
        await foreach (var next in scheduler.GenerateAsync(request))
            events.Add(next);
        return new Answer(events);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.InvokeAsync(() =>
        {
            _model.Dispose();
            Backend.Dispose();
        });
        Engine.Dispose();
        _turn.Dispose();
    }
}
