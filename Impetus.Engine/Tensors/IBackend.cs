namespace Impetus.Engine.Tensors;

/// <summary>Which ids of a step an embedding is looked up by.</summary>
public enum Lookup
{
    /// <summary>The step's tokens.</summary>
    Token,

    /// <summary>Each token's position in its sequence.</summary>
    Position,

    /// <summary>Each token's type: 0, and 1 in the second text of a pair.</summary>
    TokenType,
}

/// <summary>
/// The engine contract: what a model is written against, kept by every backend alike. <em>Row operations</em> see (T, …) and
/// know no sequence; <em>sequence operations</em> also take the step's <see cref="Batch"/>, where masks, positions and offsets
/// live, so that no model computes one. All operations return new tensors, or views where that is free; none changes its
/// arguments. Softmax, logits and sampling are f32 on every backend.
/// </summary>
/// <remarks>Everything here is called from one thread, the engine's.</remarks>
public interface IBackend : IDisposable
{
    /// <summary>Short name, as in <c>--backend</c>: <c>cpu</c>, <c>mlx</c>.</summary>
    string Name { get; }

    /// <summary>What was done so far.</summary>
    BackendCounters Counters { get; }

    /// <summary>Bytes of weights, caches and scratch that the backend holds now.</summary>
    long ActiveBytes { get; }

    /// <summary>The same and what else is known of memory. May be read from any thread: single values are atomic.</summary>
    BackendMemory Memory { get; }

    /// <summary>
    /// Whether operations only describe what is to be computed, so that the host can prepare one step while the device computes
    /// another.
    /// </summary>
    bool RunsAhead { get; }

    /// <summary>Gives memory back to the system that is free and only kept for later: after a model was unloaded, or when memory is short.</summary>
    void Trim();

    /// <summary>Bounds the threads that compute from the next operation on; null: all that there are. A backend without threads of its own takes no notice.</summary>
    /// <param name="most">At least 1; there are never more than the backend was started with.</param>
    void LimitThreads(int? most)
    {
    }

    // Weights

    /// <summary>Takes a linear layer over from a checkpoint.</summary>
    /// <exception cref="NotSupportedException">The backend cannot compute with this format; the message says with which.</exception>
    LinearWeight LoadLinear(StoredLinear stored);

    /// <summary>Takes an embedding table over from a checkpoint.</summary>
    /// <exception cref="NotSupportedException">The backend cannot compute with this format.</exception>
    EmbeddingWeight LoadEmbedding(StoredLinear stored);

    /// <summary>Takes a small dense tensor (norm weights, biases, tables) over as it is, in the backend's computing type.</summary>
    /// <param name="stored">A dense tensor of rank 1 or 2.</param>
    /// <param name="offset">Added to every element: Gemma stores its norms' weights minus one.</param>
    Tensor LoadTensor(StoredTensor stored, float offset = 0);

    /// <summary>Frees a tensor that lives in no scope: made by <see cref="LoadTensor"/>, or made or kept outside of all scopes.</summary>
    void Free(Tensor loaded);

    // Steps

    /// <summary>An empty cache for a sequence of a model with these layers.</summary>
    SequenceCache CreateCache(IReadOnlyList<LayerState> layers);

    /// <summary>Begins a step.</summary>
    /// <param name="rows">The sequences, each with at least one token.</param>
    /// <param name="tokens">(T) ids, concatenated.</param>
    /// <param name="types">(T) token types, or empty: all 0.</param>
    Batch Begin(IReadOnlyList<BatchRow> rows, ReadOnlySpan<int> tokens, ReadOnlySpan<int> types = default);

    /// <summary>Begins a step on tokens that the host has not read: the tensor of <see cref="Sample"/>, one token a row.</summary>
    Batch Begin(IReadOnlyList<BatchRow> rows, Tensor tokens);

    /// <summary>Opens a scope for intermediate tensors; see <see cref="IScope"/>. Scopes nest.</summary>
    IScope Scope();

    // Row operations

    /// <summary>Rows of a table: (T, D).</summary>
    /// <param name="table">(V, D).</param>
    /// <param name="batch">The step.</param>
    /// <param name="by">Which ids are looked up.</param>
    /// <param name="offset">Added to each id: RoBERTa's positions begin at 2.</param>
    Tensor Embed(EmbeddingWeight table, Batch batch, Lookup by = Lookup.Token, int offset = 0);

    /// <summary>x · Wᵀ + bias: (T, in) to (T, out).</summary>
    Tensor Project(Tensor x, LinearWeight weight);

    /// <summary>Several products of the same rows (query, key and value) in one pass.</summary>
    /// <returns>One (T, out) for each weight.</returns>
    Tensor[] Project(Tensor x, params ReadOnlySpan<LinearWeight> weights);

    /// <summary>activation(x · gateᵀ) ∘ (x · upᵀ): the gated half of an MLP.</summary>
    Tensor GatedProject(Tensor x, LinearWeight gate, LinearWeight up, Activation activation);

    /// <summary>x / rms(x) ∘ weight over the last axis (Zhang and Sennrich 2019). A null weight is all ones.</summary>
    Tensor RmsNorm(Tensor x, Tensor? weight, float epsilon);

    /// <summary>(x - mean) / √(variance + ε) ∘ weight + bias over the last axis (Ba et al. 2016).</summary>
    Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, float epsilon);

    /// <summary>Elementwise sum of equal shapes, or of rows (T, D) and one vector (D).</summary>
    Tensor Add(Tensor a, Tensor b);

    /// <summary>Elementwise product of equal shapes, or of rows (T, D) and one vector (D).</summary>
    Tensor Multiply(Tensor a, Tensor b);

    /// <summary>x · factor.</summary>
    Tensor Scale(Tensor x, float factor);

    /// <summary>An elementwise function.</summary>
    Tensor Activate(Tensor x, Activation activation);

    /// <summary>cap · tanh(x / cap).</summary>
    Tensor SoftCap(Tensor x, float cap);

    /// <summary>The same numbers under another shape of as many elements.</summary>
    Tensor Reshape(Tensor x, Shape shape);

    /// <summary>Columns of (T, D), one after the other: parts of a fused projection.</summary>
    /// <param name="x">(T, D).</param>
    /// <param name="widths">Widths that sum to D.</param>
    Tensor[] Split(Tensor x, params ReadOnlySpan<int> widths);

    // Sequence operations

    /// <summary>Turns queries or keys (T, H, D) by their positions.</summary>
    Tensor Rope(Tensor x, Batch batch, RopeFrequencies frequencies);

    /// <summary>
    /// Scaled dot-product attention. Keys and values of this step are written to the layer's cache; queries see them and what
    /// is remembered. Query head h reads KV head h · Hkv / Hq.
    /// </summary>
    /// <param name="layer">Index into the cache's layers.</param>
    /// <param name="query">(T, Hq, Dk).</param>
    /// <param name="key">
    /// (T, Hkv, Dk); null with <paramref name="value"/>: the layer's cache is only read, so every sequence of the step has one.
    /// </param>
    /// <param name="value">(T, Hkv, Dv).</param>
    /// <param name="batch">The step.</param>
    /// <param name="options">Scale, windows and the rest.</param>
    /// <returns>(T, Hq, Dv).</returns>
    Tensor Attend(int layer, Tensor query, Tensor? key, Tensor? value, Batch batch, AttendOptions options);

    /// <summary>The rows whose logits are wanted: (T, D) to (W, D).</summary>
    Tensor Wanted(Tensor x, Batch batch);

    /// <summary>One vector per sequence: (T, D) to (S, D).</summary>
    Tensor Pool(Tensor x, Batch batch, Pooling pooling);

    // Results

    /// <summary>Chooses a token for each row of logits (W, V), on the device.</summary>
    /// <returns>(W) ids.</returns>
    Tensor Sample(Tensor logits, ReadOnlySpan<SampleRow> rows);

    /// <summary>Starts to compute tensors, together, without waiting for them. Where operations compute at once this does nothing.</summary>
    void Start(params ReadOnlySpan<Tensor> tensors);

    /// <summary>Waits for a tensor and copies its numbers to the host as f32.</summary>
    void Read(Tensor tensor, Span<float> destination);

    /// <summary>Waits for ids and copies them to the host.</summary>
    void Read(Tensor tensor, Span<int> destination);
}
