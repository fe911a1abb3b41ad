using System.Text.Json.Serialization;
using Impetus.Server.Http;

namespace Impetus.Server.OpenAi;

/// <summary>The answers of the OpenAI routes.</summary>
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ChatChunkWithUsage))]
[JsonSerializable(typeof(TextCompletion))]
[JsonSerializable(typeof(TextChunk))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(RerankList))]
internal sealed partial class OpenAiJson : JsonSerializerContext
{
    public static OpenAiJson Wire { get; } = new(WireFormat.Options());
}
