using Impetus.Engine.Backends;
using Impetus.Engine.Embedding;
using Impetus.Engine.Hub;
using Impetus.Engine.Models;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Hub;

/// <summary>Estimates from files, held against what the backend holds in the end.</summary>
[Trait("Weights", "real")]
public sealed class MemoryEstimateTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(BackendChoice.Cpu)]
    [InlineData(BackendChoice.Mlx)]
    public async Task Weights_caches_and_a_step_of_the_chat_model_are_within_five_percent(BackendChoice choice)
    {
        // MLX's CPU device takes its time.
        const int Chunk = 256;
        var (context, sequences) = choice == BackendChoice.Mlx ? (512, 1) : (1024, 3);
        using var turn = choice == BackendChoice.Mlx ? TestBackends.TakeMlx() : null;
        string folder = Fixture.Model("SmolLM2-135M-Instruct");
        await using var engine = await InferenceEngine.StartAsync(choice);
        var estimate = MemoryEstimate.Read(folder, BackendLayout.Of(engine.Device));
        long before = await engine.ActiveBytesAsync();
        var decoder = await ChatModel.LoadDecoderAsync(folder, ConfigReader.OpenFolder(folder), engine);
        long weights = await engine.ActiveBytesAsync() - before;
        Close("weights", estimate.WeightBytes, weights);
        await engine.Thread.InvokeAsync(() =>
        {
            var backend = engine.Backend;
            backend.Trim();
            long idle = backend.ActiveBytes;
            var caches = Enumerable.Range(0, sequences).Select(_ => backend.CreateCache(decoder.Layers)).ToList();
            float[] logits = new float[decoder.VocabularySize];
            long most = 0;
            foreach (var cache in caches)
            {
                for (int start = 0; start < context; start += Chunk)
                {
                    using var scope = backend.Scope();
                    using var batch = backend.Begin([new BatchRow(Chunk, cache, LogitsWanted.Last)], Enumerable.Repeat(100, Chunk).ToArray());
                    var last = decoder.Forward(batch);
                    batch.Complete();
                    most = Math.Max(most, backend.ActiveBytes);
                    backend.Read(last!, logits);
                }
            }

            // MLX computes only when something is read, and counts the most itself.
            most = backend.Memory.PeakBytes ?? most;
            long cached = (long)caches.Sum(cache => cache.ProportionalBytes);
            Close("caches", estimate.CacheBytes(context, sequences), cached);
            output.WriteLine($"step: {estimate.StepBytes(Chunk, 1, context)} estimated, {most - idle - cached} measured");
            Close("everything", estimate.WeightBytes + estimate.CacheBytes(context, sequences) + estimate.StepBytes(Chunk, 1, context), most - before);
            caches.ForEach(cache => cache.Dispose());
            decoder.Dispose();
        });
    }

    [Theory]
    [InlineData(BackendChoice.Cpu)]
    [InlineData(BackendChoice.Mlx)]
    public async Task Weights_of_an_embedding_model_are_within_five_percent(BackendChoice choice)
    {
        using var turn = choice == BackendChoice.Mlx ? TestBackends.TakeMlx() : null;
        string folder = Fixture.Model("all-MiniLM-L6-v2");
        await using var engine = await InferenceEngine.StartAsync(choice);
        var estimate = MemoryEstimate.Read(folder, BackendLayout.Of(engine.Device));
        await using var embedder = await Embedder.LoadAsync(folder, engine.Backend, engine.Thread);
        Close("weights", estimate.WeightBytes, embedder.WeightBytes);
        Assert.Equal(0, estimate.CacheBytesPerToken);
    }

    [Fact]
    public void Only_what_a_model_reads_is_counted()
    {
        var estimate = MemoryEstimate.Read(Fixture.Model("SmolLM2-135M-Instruct"), BackendLayout.Metal);
        long files = Directory.EnumerateFiles(Fixture.Model("SmolLM2-135M-Instruct"), "*.safetensors").Sum(file => new FileInfo(file).Length);
        Assert.InRange(estimate.StoredBytes, files * 0.99, files);
        // 30 layers of 3 KV heads of 64, keys and values, 16 bits each.
        Assert.Equal(30 * 3 * 64 * 2 * 2, estimate.CacheBytesPerToken);
        Assert.Equal(256 * estimate.CacheBytesPerToken, estimate.CacheBytes(1));
    }

    [Fact]
    public async Task Layers_with_a_window_are_counted_up_to_what_they_keep()
    {
        const int Tokens = 500;
        string folder = Fixture.Path("decoders", "mistral_window");
        var estimate = MemoryEstimate.Read(folder, BackendLayout.Cpu);
        // Two layers of two KV heads of 16, values filled up to 32, a window of 8.
        Assert.Equal((2 * 2 * (16 + 32) * 4, 2 * (8 + 256 + LayerState.Slack)), (estimate.CacheBytesPerToken, estimate.WindowTokens));
        Assert.Equal(estimate.CacheBytesPerToken, estimate.WindowBytesPerToken);
        Assert.Equal(3 * estimate.WindowTokens * estimate.CacheBytesPerToken, estimate.CacheBytes(1_000_000, sequences: 3));
        Assert.Equal(448 * estimate.CacheBytesPerToken, estimate.CacheBytes(400));

        await using var engine = await InferenceEngine.StartAsync(BackendChoice.Cpu);
        using var decoder = await ChatModel.LoadDecoderAsync(folder, ConfigReader.OpenFolder(folder), engine);
        await engine.Thread.InvokeAsync(() =>
        {
            using var cache = engine.Backend.CreateCache(decoder.Layers);
            while (cache.Length < Tokens)
            {
                using var scope = engine.Backend.Scope();
                using var batch = engine.Backend.Begin([new BatchRow(50, cache)], new int[50]);
                decoder.Forward(batch);
                batch.Complete();
            }

            Assert.InRange(cache.ProportionalBytes, 1, estimate.CacheBytes(Tokens) / 3);
        });
    }

    private void Close(string what, long estimated, long measured)
    {
        output.WriteLine($"{what}: {estimated} estimated, {measured} measured, {(100.0 * estimated / measured) - 100:+0.0;-0.0} %");
        Assert.InRange(estimated, measured * 0.95, measured * 1.05);
    }
}
