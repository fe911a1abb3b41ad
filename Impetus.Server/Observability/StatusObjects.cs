using System.Text.Json.Serialization;
using Impetus.Engine.Scheduling;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.Observability;

/// <summary>How a server is at one moment.</summary>
/// <param name="Status"><c>ready</c>, <c>loading</c>, <c>failed</c> or <c>stopping</c>, as <c>GET /ready</c> says.</param>
/// <param name="Message">More about it.</param>
/// <param name="Version">Of the server.</param>
/// <param name="UptimeSeconds">Since the start.</param>
/// <param name="Memory">Who holds how much of it.</param>
/// <param name="Queue">What is being done and what waits.</param>
/// <param name="TokensPerSecond">Of all models together, over the last ten seconds.</param>
/// <param name="Models">Those in memory, on their way there, or failed on it.</param>
/// <param name="HeldBack">Those that are not in memory although they were asked for.</param>
public sealed record ServerStatus(
    string Status,
    string? Message,
    string Version,
    double UptimeSeconds,
    MemoryStatus Memory,
    QueueStatus Queue,
    SpeedStatus TokensPerSecond,
    IReadOnlyList<ModelStatus> Models,
    IReadOnlyList<HeldModel> HeldBack);

/// <summary>Who holds how much memory, in bytes.</summary>
/// <param name="LimitBytes">What the process may take.</param>
/// <param name="LimitedBy">What sets the limit: <c>machine</c>, <c>container</c>, <c>process</c> or <c>setting</c>.</param>
/// <param name="UsedBytes">What it has taken, and is about to.</param>
/// <param name="FreeBytes">What it can still take.</param>
/// <param name="Pressure"><c>normal</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="WeightsBytes">Used by the models' weights.</param>
/// <param name="PrefixCacheBytes">Used by finished prompts that are kept.</param>
/// <param name="CachesBytes">Used by the caches of running requests, and by what a step needs.</param>
/// <param name="OtherBytes">Used by everything else: the program, vocabularies, the library.</param>
public sealed record MemoryStatus(
    long LimitBytes,
    string LimitedBy,
    long UsedBytes,
    long FreeBytes,
    string Pressure,
    long WeightsBytes,
    long PrefixCacheBytes,
    long CachesBytes,
    long OtherBytes);

/// <summary>What is being done and what waits.</summary>
/// <param name="ActiveRequests">Requests that wait for a model or its work.</param>
/// <param name="Running">Sequences that models work on.</param>
/// <param name="Waiting">Sequences that wait for room.</param>
public sealed record QueueStatus(int ActiveRequests, int Running, int Waiting);

/// <summary>Tokens a second, over the last ten seconds.</summary>
/// <param name="Prefill">Tokens of prompts computed.</param>
/// <param name="Decode">Tokens written.</param>
public sealed record SpeedStatus(double Prefill, double Decode);

/// <summary>A model in memory, on its way there, or failed on it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>chat</c>, <c>embedding</c> or <c>reranking</c>.</param>
/// <param name="State"><c>loading</c>, <c>ready</c>, <c>unloading</c> or <c>failed</c>.</param>
/// <param name="MemoryBytes">Bytes of its weights in memory; while it is loading, of those that are there already.</param>
/// <param name="TotalBytes">Bytes that will be; 0 if that is not known.</param>
/// <param name="InFlight">Requests that use it now.</param>
/// <param name="LastUsed">When a request last began or ended to use it, in seconds since 1970.</param>
/// <param name="ExpiresAt">When it is unloaded if nobody uses it, in seconds since 1970; null: not by the clock, or it is in use.</param>
/// <param name="Pinned">Whether it stays until it is unloaded by name.</param>
/// <param name="Backend">The engine that it lives in: <c>cpu</c> or <c>mlx</c>.</param>
/// <param name="Fault">Why it could not be loaded.</param>
/// <param name="Running">Sequences that it works on.</param>
/// <param name="Waiting">Sequences that wait for room.</param>
/// <param name="PrefixCacheBytes">Memory of finished prompts that are kept.</param>
/// <param name="PrefillTokensPerSecond">Over the last ten seconds.</param>
/// <param name="DecodeTokensPerSecond">Over the last ten seconds.</param>
public sealed record ModelStatus(
    string Id,
    string Kind,
    string State,
    long MemoryBytes,
    long TotalBytes,
    int InFlight,
    long LastUsed,
    long? ExpiresAt,
    bool Pinned,
    string Backend,
    string? Fault,
    int Running,
    int Waiting,
    long PrefixCacheBytes,
    double PrefillTokensPerSecond,
    double DecodeTokensPerSecond)
{
    internal static ModelStatus Of(ResidentModel model, SchedulerCounters? counters) => new(
        model.Id,
        model.Kind.ToString().ToLowerInvariant(),
        CatalogResidence.Name(model.State),
        model.Bytes,
        model.TotalBytes,
        model.InFlight,
        model.LastUsed.ToUnixTimeSeconds(),
        model.ExpiresAt?.ToUnixTimeSeconds(),
        model.Pinned,
        model.Backend,
        model.Fault,
        counters?.Running ?? 0,
        counters?.Waiting ?? 0,
        counters?.PrefixBytes ?? 0,
        Math.Round(counters?.PromptTokensPerSecond ?? 0, 1),
        Math.Round(counters?.AnswerTokensPerSecond ?? 0, 1));
}

[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    public static StatusJson Wire { get; } = new(WireFormat.Options());
}
