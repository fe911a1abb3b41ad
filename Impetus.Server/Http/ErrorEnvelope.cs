using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Impetus.Server.Http;

/// <summary>OpenAI's envelope for everything that goes wrong, also in the middle of a stream.</summary>
internal sealed record ErrorEnvelope(ErrorBody Error)
{
    public static ErrorEnvelope Of(ApiException error) => new(new ErrorBody(error.Message, error.Type, error.Param, error.Code));
}

/// <param name="Message">What is wrong and what to do, for people.</param>
/// <param name="Type">The kind of error.</param>
/// <param name="Param">The path of the field at fault.</param>
/// <param name="Code">The reason, for machines.</param>
internal sealed record ErrorBody(string Message, string Type, string? Param, string? Code);

/// <summary>What the server writes whatever the route.</summary>
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CommonJson : JsonSerializerContext
{
    public static CommonJson Wire { get; } = new(WireFormat.Options());
}
