using System.Diagnostics.Metrics;
using Impetus.Engine.Scheduling;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.Observability;

/// <summary>What the server counts and measures, as instruments that any listener can read. Thread safe.</summary>
internal sealed class ServerMetrics
{
    public const string MeterName = "Impetus";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly TimeProvider _time;
    private readonly long _start;

    public ServerMetrics(IMeterFactory factory, ActiveRequests active, ModelHost models, EngineHost engine, TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        var meter = factory.Create(MeterName, ImpetusServer.Version);
        _requests = meter.CreateCounter<long>("impetus_requests_total", null, "Requests that are over, by route, status and outcome.");
        _tokens = meter.CreateCounter<long>("impetus_tokens_total", null, "Tokens, by kind; those of prompts include cached ones.");
        _duration = meter.CreateHistogram<double>("impetus_request_duration_seconds", "s", "From arrival to the last byte.");
        _firstToken = meter.CreateHistogram<double>("impetus_first_token_seconds", "s", "From arrival to the first token.");
        meter.CreateObservableGauge("impetus_active_requests", () => active.Count, null, "Requests that wait for a model or its work.");
        meter.CreateObservableGauge("impetus_models_loaded", () => models.Models.Count, null, "Models that can answer.");
        Observe(meter, models, "impetus_running_sequences", "Requests that are being written.", c => c.Running);
        Observe(meter, models, "impetus_waiting_requests", "Requests in the queue.", c => c.Waiting);
        Observe(meter, models, "impetus_prefix_cache_bytes", "Memory of finished prompts that are kept.", c => c.PrefixBytes);
        Observe(meter, models, "impetus_decode_tokens_per_second", "Over the last ten seconds.", c => c.AnswerTokensPerSecond);
        Observe(meter, models, "impetus_prefill_tokens_per_second", "Over the last ten seconds.", c => c.PromptTokensPerSecond);
        meter.CreateObservableGauge("impetus_uptime_seconds", () => Uptime.TotalSeconds, "s", "Since the start.");
        meter.CreateObservableGauge("impetus_resident_memory_bytes", () => Environment.WorkingSet, "By", "Memory of the process.");
        meter.CreateObservableGauge("impetus_engine_memory_bytes", () => EngineMemory(engine), "By", "Memory of the engine, by kind.");
        meter.CreateObservableGauge(
            "impetus_info",
            () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ImpetusServer.Version)),
            null,
            "The version.");
    }

    /// <summary>Since the start.</summary>
    public TimeSpan Uptime => _time.GetElapsedTime(_start);

    /// <summary>Counts a request that is over.</summary>
    public void Count(RequestRecord record, string route, int status, TimeSpan elapsed)
    {
        _requests.Add(1, new("route", route), new("status", status), new("outcome", record.ErrorCode ?? "ok"));
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("route", route));
        if (record.Model is not { } model)
            return;
        Add(record.PromptTokens, model, "prompt");
        Add(record.CachedTokens, model, "cached");
        Add(record.CompletionTokens, model, "completion");
        if (record.FirstTokenMilliseconds is { } milliseconds)
            _firstToken.Record(milliseconds / 1000, new KeyValuePair<string, object?>("model", model));
    }

    private static void Observe(Meter meter, ModelHost models, string name, string description, Func<SchedulerCounters, double> value) =>
        meter.CreateObservableGauge(
            name,
            () => models.Models.Where(m => m.Counters is not null)
                .Select(m => new Measurement<double>(value(m.Counters!), new KeyValuePair<string, object?>("model", m.Id))),
            null,
            description);

    private static IEnumerable<Measurement<long>> EngineMemory(EngineHost engine)
    {
        if (engine.Started?.Backend.Memory is not { } memory)
            return [];
        return new (string Kind, long? Bytes)[] { ("active", memory.ActiveBytes), ("peak", memory.PeakBytes), ("cached", memory.CachedBytes) }
            .Where(value => value.Bytes is not null)
            .Select(value => new Measurement<long>(value.Bytes!.Value, new KeyValuePair<string, object?>("kind", value.Kind)));
    }

    private void Add(int tokens, string model, string kind) => _tokens.Add(tokens, new("model", model), new("kind", kind));
}
