using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Embeds in bulk: what documents being ingested side by side ask for goes to the model together, up to 64 texts a call. Vectors come
/// back with unit length.
/// </summary>
internal sealed class EmbeddingBatcher : IAsyncDisposable
{
    /// <summary>The most texts of one call.</summary>
    public const int MaxTexts = 64;

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(16);
    private readonly EmbeddingModel _model;
    private readonly Task _loop;

    public EmbeddingBatcher(EmbeddingModel model)
    {
        _model = model;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>One vector a text, in order. At most <see cref="MaxTexts"/> texts.</summary>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var request = new Request(texts, cancellationToken);
        await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        return await request.Completion.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        var batch = new List<Request>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            int texts = 0;
            while (_queue.Reader.TryPeek(out var next) && (batch.Count == 0 || texts + next.Texts.Count <= MaxTexts))
            {
                _queue.Reader.TryRead(out _);
                if (next.CancellationToken.IsCancellationRequested)
                    continue;
                batch.Add(next);
                texts += next.Texts.Count;
            }
            if (batch.Count > 0)
                await EmbedAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async Task EmbedAsync(List<Request> batch)
    {
        try
        {
            string[] texts = [.. batch.SelectMany(request => request.Texts)];
            var embeddings = await _model.Documents.GenerateAsync(texts).ConfigureAwait(false);
            if (embeddings.Count != texts.Length)
                throw new InvalidOperationException($"{_model.Id} returned {embeddings.Count} vectors for {texts.Length} texts.");
            int taken = 0;
            foreach (var request in batch)
            {
                request.Completion.TrySetResult([.. embeddings.Skip(taken).Take(request.Texts.Count).Select(e => UnitVector(_model, e))]);
                taken += request.Texts.Count;
            }
        }
        catch (Exception e)
        {
            foreach (var request in batch)
                request.Completion.TrySetException(e);
        }
    }

    /// <summary>The vector with length 1; a vector of zeros stays so.</summary>
    public static float[] UnitVector(EmbeddingModel model, Embedding<float> embedding)
    {
        float[] vector = embedding.Vector.ToArray();
        if (vector.Length != model.Dimensions)
        {
            throw new LibraryException(
                LibraryFault.Conflict,
                $"{model.Id} returned a vector of {vector.Length} dimensions where {model.Dimensions} were expected. The model's files have changed: "
                + "reindex the collection.");
        }
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (!double.IsFinite(squares))
            throw new InvalidOperationException($"{model.Id} returned a vector that is not finite.");
        float factor = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (int i = 0; i < vector.Length; i++)
            vector[i] *= factor;
        return vector;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private sealed record Request(IReadOnlyList<string> Texts, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<float[][]> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
