using System.Text.Json.Serialization;
using Impetus.Server.Http;

namespace Impetus.Server.Observability;

/// <summary>
/// Something that happened, as <c>GET /api/events</c> and <c>/ws</c> tell it. The details are in the member that is called like its
/// <see cref="Kind"/>.
/// </summary>
public sealed record ServerEvent
{
    /// <summary>Where in the feed it stands: send it back as <c>Last-Event-ID</c> to hear what came after.</summary>
    public string Id { get; init; } = "";

    /// <summary><c>model</c>, <c>memory</c>, <c>request</c>, <c>ingest</c>; <c>heartbeat</c> and <c>gap</c> are the feed's own.</summary>
    public required string Kind { get; init; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public long TimeMilliseconds { get; init; }

    /// <summary>A model came, went, or is on its way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelEvent? Model { get; init; }

    /// <summary>The memory that models may take changed, or is short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MemoryEvent? Memory { get; init; }

    /// <summary>A request began or is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RequestEvent? Request { get; init; }

    /// <summary>A document is being added.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IngestEvent? Ingest { get; init; }

    /// <summary>Events were lost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GapEvent? Gap { get; init; }
}

/// <param name="Id">The model's id.</param>
/// <param name="State">Such as <c>found</c>, <c>changed</c>, <c>removed</c>, <c>copying</c>; <c>loading</c>, <c>ready</c>, <c>unloading</c>,
/// <c>unloaded</c>, <c>failed</c>.</param>
/// <param name="LoadedBytes">While it is loading: bytes that are.</param>
/// <param name="TotalBytes">While it is loading: bytes that will be.</param>
/// <param name="Message">Why, for people.</param>
public sealed record ModelEvent(
    string Id,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? LoadedBytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TotalBytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <param name="UsedBytes">What the engine holds.</param>
/// <param name="LimitBytes">What it may hold.</param>
/// <param name="Pressure">How the machine is: <c>normal</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Message">What was done about it, for people.</param>
public sealed record MemoryEvent(
    long UsedBytes,
    long LimitBytes,
    string Pressure,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <param name="Id">As the response's <c>x-request-id</c>.</param>
/// <param name="State"><c>started</c> or <c>finished</c>.</param>
/// <param name="Route">Method and route.</param>
/// <param name="Status">The HTTP status, when it is finished.</param>
/// <param name="Outcome"><c>ok</c>, <c>client_left</c> or an error's code, when it is finished.</param>
/// <param name="Milliseconds">From arrival to the last byte, when it is finished.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="PromptTokens">Tokens of the prompt, where a model answered.</param>
/// <param name="CompletionTokens">Tokens written, where a model answered.</param>
public sealed record RequestEvent(
    string Id,
    string State,
    string Route,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Outcome = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Milliseconds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Model = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PromptTokens = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CompletionTokens = null);

/// <param name="Job">The job's id.</param>
/// <param name="Kind"><c>document</c>, <c>folder</c> or <c>reindex</c>.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Collection">What the job works on.</param>
/// <param name="DocumentsDone">Finished, failed ones included.</param>
/// <param name="DocumentsTotal">Known so far.</param>
/// <param name="ChunksDone">Embedded and written.</param>
/// <param name="ChunksTotal">Known so far.</param>
/// <param name="Message">Why it failed, for people.</param>
public sealed record IngestEvent(
    string Job,
    string Kind,
    string State,
    string Collection,
    int DocumentsDone,
    int DocumentsTotal,
    int ChunksDone,
    int ChunksTotal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);

/// <param name="Missed">How many events were lost; null if nobody knows, because the server was started anew.</param>
/// <param name="Message">What happened and what to do, for people.</param>
public sealed record GapEvent(long? Missed, string Message);

[JsonSerializable(typeof(ServerEvent))]
internal sealed partial class EventJson : JsonSerializerContext
{
    public static EventJson Wire { get; } = new(WireFormat.Options());
}
