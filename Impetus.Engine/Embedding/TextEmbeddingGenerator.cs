using Microsoft.Extensions.AI;

namespace Impetus.Engine.Embedding;

/// <summary>
/// An <see cref="Embedder"/> as Microsoft.Extensions.AI's generator. <see cref="EmbeddingGenerationOptions.Dimensions"/> is
/// honoured, and <see cref="InputTypeKey"/> among the additional properties; texts that are too long are cut.
/// </summary>
/// <param name="embedder">Stays the caller's.</param>
/// <param name="modelId">What the model is called in answers.</param>
public sealed class TextEmbeddingGenerator(Embedder embedder, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The additional property that holds an <see cref="InputType"/> or its name; without it texts go in bare.</summary>
    public const string InputTypeKey = "input_type";

    private readonly EmbeddingGeneratorMetadata _metadata = new("impetus", defaultModelId: modelId, defaultModelDimensions: embedder.Width);

    /// <inheritdoc/>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = await embedder.EmbedAsync(
            [.. values], new EmbedOptions { Dimensions = options?.Dimensions, InputType = TypeOf(options) }, cancellationToken).ConfigureAwait(false);
        long tokens = texts.Sum(text => (long)text.TokenCount);
        return new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(text.Vector) { ModelId = modelId }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType == typeof(Embedder) ? embedder
        : null;

    /// <summary>Does nothing: the embedder stays the caller's.</summary>
    public void Dispose()
    {
    }

    private static InputType? TypeOf(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(InputTypeKey, out object? value) != true || value is null ? null
        : value as InputType? ?? (Enum.TryParse<InputType>(value.ToString(), ignoreCase: true, out var type) && Enum.IsDefined(type)
            ? type
            : throw new ArgumentException($"{InputTypeKey} is \"{value}\"; known are query and document.", nameof(options)));
}
