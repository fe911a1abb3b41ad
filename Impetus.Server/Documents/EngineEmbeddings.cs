using Impetus.Engine.Embedding;
using Impetus.Engine.Tokenization;
using Impetus.Retrieval.Indexing;
using Microsoft.Extensions.AI;

namespace Impetus.Server.Documents;

/// <summary>An engine's embedder as the library knows embedding models: one generator for passages, one for questions.</summary>
public static class EngineEmbeddings
{
    /// <summary>Makes the library's model of an embedder, which stays the caller's.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="embedder">Computes the vectors.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="languages">ISO 639-1 codes of the languages that it knows; empty means any.</param>
    /// <param name="generator">Embeds texts; null: the embedder does.</param>
    public static EmbeddingModel ToModel(
        string id, Embedder embedder, HfTokenizer tokenizer, IReadOnlyList<string> languages, IEmbeddingGenerator<string, Embedding<float>>? generator = null)
    {
        generator ??= new TextEmbeddingGenerator(embedder, id);
        int special = embedder.CountTokens("");
        int prefix = tokenizer.CountTokens(embedder.Prefix(InputType.Document), addSpecialTokens: false);
        return new EmbeddingModel(
            id,
            embedder.Width,
            embedder.MaxTokens - special - prefix,
            new TokenizerCounter(tokenizer),
            new Typed(generator, InputType.Document),
            new Typed(generator, InputType.Query))
        {
            Languages = languages,
        };
    }

    private sealed class Typed(IEmbeddingGenerator<string, Embedding<float>> generator, InputType type) : DelegatingEmbeddingGenerator<string, Embedding<float>>(generator)
    {
        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            options = options?.Clone() ?? new EmbeddingGenerationOptions();
            (options.AdditionalProperties ??= [])[TextEmbeddingGenerator.InputTypeKey] = type;
            return base.GenerateAsync(values, options, cancellationToken);
        }
    }
}
