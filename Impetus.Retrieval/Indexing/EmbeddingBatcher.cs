using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Impetus.Retrieval.Indexing;

/// <summary>
/// Embeds in bulk: what documents being ingested side by side ask for goes to the model together, up to 16 texts a call, and one by one while
/// someone searches. Vectors come back with unit length.
/// </summary>
internal sealed class EmbeddingBatcher : IAsyncDisposable
{
    /// <summary>The most texts that are asked for at once.</summary>
    public const int MaxTexts = 64;

    /// <summary>The most texts of one call of the model: some tenths of a second on a processor, after which searches are given way.</summary>
    private const int TextsPerCall = 16;

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(16);
    private readonly EmbeddingModel _model;
    private readonly SearchPriority _searches;
    private readonly Task _loop;

    public EmbeddingBatcher(EmbeddingModel model, SearchPriority searches)
    {
        (_model, _searches) = (model, searches);
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
            var embeddings = await EmbedAsync(texts).ConfigureAwait(false);
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

    private async Task<List<Embedding<float>>> EmbedAsync(string[] texts)
    {
        var embeddings = new List<Embedding<float>>(texts.Length);
        while (embeddings.Count < texts.Length)
        {
            bool isSearching = _searches.IsSearching;
            string[] some = [.. texts.Skip(embeddings.Count).Take(isSearching ? 1 : TextsPerCall)];
            long start = Stopwatch.GetTimestamp();
            var vectors = await _model.Documents.GenerateAsync(some).ConfigureAwait(false);
            if (vectors.Count != some.Length)
                throw new InvalidOperationException($"{_model.Id} returned {vectors.Count} vectors for {some.Length} texts.");
            embeddings.AddRange(vectors);
            if (isSearching)
                await _searches.RestAsync(Stopwatch.GetElapsedTime(start)).ConfigureAwait(false);
        }
        return embeddings;
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
