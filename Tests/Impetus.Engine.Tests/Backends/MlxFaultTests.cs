using Impetus.Engine.Generation;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Native;

namespace Impetus.Engine.Tests.Backends;

/// <summary>
/// Real faults of MLX. Memory that runs out is not tried: MLX's CPU device (0.31) ends the process then, where Metal's throws.
/// </summary>
public sealed class MlxFaultTests
{
    private static readonly string Folder = Fixture.Path("decoders", "llama");

    [Fact]
    public async Task A_fault_in_the_middle_ends_the_requests_with_mlx_s_own_words_and_nothing_else()
    {
        await using var server = await MlxServer.StartAsync(Folder);
        var breaking = new BreakingDecoder(server.Decoder)
        {
            OnStep = step =>
            {
                if (step == 5)
                    server.Backend.Add(Vector(server, 3), Vector(server, 2));
            },
        };
        await using var scheduler = server.Serve(breaking);
        var faults = new List<StepFault>();
        scheduler.Faulted += faults.Add;
        var requests = new[] { MlxServer.Greedy(10, 50), MlxServer.Greedy(20, 50) };

        foreach (var asked in requests.Select(request => MlxServer.AskAsync(scheduler, request)).ToList())
        {
            var error = await Assert.ThrowsAsync<GenerationException>(() => asked);
            Assert.Equal(GenerationFault.EngineFault, error.Fault);
            Assert.Contains("broadcast", error.Message, StringComparison.OrdinalIgnoreCase);
        }

        await server.Engine.InvokeAsync(() => { });
        var fault = Assert.Single(faults);
        Assert.IsType<MlxException>(fault.Cause);
        Assert.Equal(requests.Select(request => StepFault.Hash(request.Prompt)).Order(), fault.Inputs.Order());
        Assert.Equal(30, (await MlxServer.AskAsync(scheduler, MlxServer.Greedy(10, 30))).Usage.CompletionTokens);
    }

    private static Tensor Vector(MlxServer server, int length)
    {
        var data = new Conformance.StoredData();
        var loaded = server.Backend.LoadTensor(data.Dense(new float[length], DType.F32, length));
        var tensor = server.Backend.Scale(loaded, 1);
        server.Backend.Free(loaded);
        return tensor;
    }

    /// <summary>Somebody else's model, with something that happens before a step.</summary>
    private sealed class BreakingDecoder(IDecoder decoder) : IDecoder
    {
        private int _steps;

        public required Action<int> OnStep { get; init; }

        public IReadOnlyList<LayerState> Layers => decoder.Layers;

        public int VocabularySize => decoder.VocabularySize;

        public int ContextLength => decoder.ContextLength;

        public Tensor? Forward(Batch batch)
        {
            OnStep(++_steps);
            return decoder.Forward(batch);
        }

        public void Dispose()
        {
        }
    }
}
