using Impetus.Engine.Embedding;
using Impetus.Engine.Models;
using Impetus.Engine.Scheduling;
using Impetus.Engine.Tensors;
using Impetus.Engine.Tests.Conformance.Reference;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>The queue as bookkeeping, stepped by hand over a model whose vector is the sum of a sequence's tokens.</summary>
public sealed class EmbeddingQueueTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();
    private readonly LengthModel _model;
    private readonly EmbeddingQueue _queue;

    public EmbeddingQueueTests()
    {
        _model = new LengthModel(_backend);
        _queue = new EmbeddingQueue(_model, _backend, () => { }, stepTokens: 10);
    }

    public void Dispose() => _backend.Dispose();

    [Fact]
    public async Task A_step_is_bounded_in_tokens_and_holds_no_padding()
    {
        var result = _queue.RunAsync(Sequences(4, 4, 4, 9, 1));
        StepAll();

        Assert.Equal([8, 4, 10], _model.StepTokens);
        Assert.Equal([4f, 4, 4, 9, 1], (await result).Select(vector => vector[0]));
    }

    [Fact]
    public async Task A_sequence_longer_than_a_step_goes_alone()
    {
        var result = _queue.RunAsync(Sequences(3, 25, 3));
        StepAll();

        Assert.Equal([3, 25, 3], _model.StepTokens);
        Assert.Equal([3f, 25, 3], (await result).Select(vector => vector[0]));
    }

    [Fact]
    public async Task One_text_does_not_wait_for_ten_thousand()
    {
        var bulk = _queue.RunAsync(Sequences([.. Enumerable.Repeat(5, 10_000)]));
        _queue.Step();
        var single = _queue.RunAsync(Sequences(5));
        _queue.Step();

        Assert.True(single.IsCompletedSuccessfully);
        StepAll();
        Assert.Equal(10_000, (await bulk).Length);
    }

    [Fact]
    public async Task A_question_shares_no_step_with_long_texts_and_does_not_stop_them()
    {
        var queue = new EmbeddingQueue(_model, _backend, () => { }, stepTokens: 256);
        var texts = queue.RunAsync(Sequences(200, 200, 200));
        queue.Step();
        var questions = Enumerable.Range(0, 2).Select(_ => queue.RunAsync(Sequences(10))).ToList();
        queue.Step();
        var late = queue.RunAsync(Sequences(10));
        queue.Step();
        while (queue.HasWork)
            queue.Step();

        Assert.Equal([200, 20, 210, 200], _model.StepTokens);
        Assert.All([.. questions, late], question => Assert.True(question.IsCompletedSuccessfully));
        Assert.Equal(3, (await texts).Length);
    }

    [Fact]
    public async Task A_cancelled_request_leaves_before_the_next_step()
    {
        using var cancel = new CancellationTokenSource();
        var cancelled = _queue.RunAsync(Sequences(9, 9, 9), cancel.Token);
        var other = _queue.RunAsync(Sequences(9));
        _queue.Step();
        await cancel.CancelAsync();
        StepAll();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.True(other.IsCompletedSuccessfully);
        Assert.Equal([9, 9], _model.StepTokens);
    }

    [Fact]
    public async Task A_step_that_fails_ends_the_requests_with_the_reason()
    {
        var running = _queue.RunAsync(Sequences(5));
        var waiting = _queue.RunAsync(Sequences(9));
        _model.Fault = new InvalidOperationException("no memory");
        var fault = Assert.Throws<InvalidOperationException>(_queue.Step);
        _queue.Fail(fault);

        foreach (var task in (Task[])[running, waiting])
        {
            var ended = await Assert.ThrowsAsync<EmbeddingException>(() => task);
            Assert.Equal(EmbeddingFault.EngineFault, ended.Fault);
            Assert.Contains("no memory", ended.Message, StringComparison.Ordinal);
        }

        Assert.False(_queue.HasWork);
    }

    [Fact]
    public async Task A_closed_queue_ends_what_waits_and_takes_nothing_more()
    {
        var waiting = _queue.RunAsync(Sequences(5));
        _queue.Close();

        Assert.Equal(EmbeddingFault.ShuttingDown, (await Assert.ThrowsAsync<EmbeddingException>(() => waiting)).Fault);
        Assert.Equal(EmbeddingFault.ShuttingDown, (await Assert.ThrowsAsync<EmbeddingException>(() => _queue.RunAsync(Sequences(1)))).Fault);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_how_much_waits()
    {
        var huge = new TokenSequence(new int[EmbeddingQueue.MaxWaitingTokens]);
        _ = _queue.RunAsync([huge]);

        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => _queue.RunAsync(Sequences(1)));

        Assert.Equal(EmbeddingFault.QueueFull, refused.Fault);
        Assert.Contains($"{EmbeddingQueue.MaxWaitingTokens}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_waits_for_one_embedding_step_at_most_while_ten_thousand_texts_wait()
    {
        var chat = new CountingSource(_model);
        using var thread = new EngineThread();
        var queue = new EmbeddingQueue(_model, _backend, thread.Wake, stepTokens: 512);
        thread.Add(chat);
        thread.Add(queue);

        var vectors = await queue.RunAsync(Sequences([.. Enumerable.Repeat(8, 10_000)]));

        // Sixty-four texts of eight tokens a step; between two of them the chat was always stepped.
        Assert.Equal(10_000, vectors.Length);
        Assert.Equal(157, _model.StepTokens.Count);
        Assert.True(chat.Steps >= _model.StepTokens.Count, $"{chat.Steps} chat steps beside {_model.StepTokens.Count} of embedding");
        Assert.Equal(1, chat.LongestWait);
    }

    private static TokenSequence[] Sequences(params int[] lengths) => [.. lengths.Select(length => new TokenSequence([.. Enumerable.Repeat(1, length)]))];

    private void StepAll()
    {
        while (_queue.HasWork)
            _queue.Step();
    }

    /// <summary>Counts as a long generation does: there is always another token to be made.</summary>
    private sealed class CountingSource(LengthModel embedding) : IStepSource
    {
        private int _seen;

        public int Steps { get; private set; }

        public int LongestWait { get; private set; }

        public bool HasWork => true;

        public void Step()
        {
            Steps++;
            LongestWait = Math.Max(LongestWait, embedding.StepTokens.Count - _seen);
            _seen = embedding.StepTokens.Count;
        }

        public void Fail(Exception fault) => throw fault;
    }

    private sealed class LengthModel(ReferenceBackend backend) : ISequenceModel
    {
        public List<int> StepTokens { get; } = [];

        public Exception? Fault { get; set; }

        public int Width => 1;

        public int VocabularySize => 100;

        public int TokenTypes => 1;

        public int ContextLength => 1000;

        public bool Bidirectional => true;

        public Tensor Forward(Batch batch)
        {
            if (Fault is not null)
                throw Fault;
            StepTokens.Add(batch.TokenCount);
            return new ReferenceTensor(new Shape(batch.Rows.Count, 1), [.. batch.Rows.Select(row => (float)row.Count)]);
        }

        public void Dispose() => backend.Dispose();
    }
}
