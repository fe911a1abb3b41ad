using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Impetus.Server.Hosting;

namespace Impetus.Server.Management;

/// <summary>What is dangerous about a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrashPhase>))]
public enum CrashPhase
{
    /// <summary>Its weights are read and take their memory.</summary>
    Loading,

    /// <summary>Its first request runs, with which the engine really uses what was loaded.</summary>
    FirstRequest,
}

/// <summary>A model that was at work when an earlier run ended without an end.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Phase">What it was at.</param>
/// <param name="At">When that began.</param>
public sealed record CrashReport(string Model, CrashPhase Phase, DateTimeOffset At)
{
    /// <summary>For people.</summary>
    public string Message =>
        $"An earlier run ended while {(Phase == CrashPhase.Loading ? $"the model {Model} was being loaded" : $"the model {Model} worked on its first request")} "
        + $"({At.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC). It is not loaded by itself now; name it in a request or load it to try again.";
}

/// <summary>
/// Marks on disk of what a model is at while that may take the process with it, even the machine: one file a model, made before and
/// removed after. A file that is found at the start, and whose process has gone, tells of a crash. Thread safe.
/// </summary>
public sealed class CrashMarkers
{
    private readonly DataDirectory _data;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CrashReport> _found = new(StringComparer.Ordinal);

    /// <summary>Looks for what earlier runs left.</summary>
    public CrashMarkers(DataDirectory data)
    {
        _data = data;
        if (!Directory.Exists(Folder))
            return;
        foreach (string file in Directory.EnumerateFiles(Folder, "*.json"))
        {
            if (Read(file) is { } mark && !IsAlive(mark))
                _found[mark.Report.Model] = mark.Report;
        }
    }

    /// <summary>Models that were at work when an earlier run ended, and have not worked since.</summary>
    public IReadOnlyList<CrashReport> Found
    {
        get
        {
            lock (_lock)
                return [.. _found.Values];
        }
    }

    private string Folder => Path.Combine(_data.State, "models-at-work");

    /// <summary>Marks a model, durably, until the result is disposed.</summary>
    /// <param name="model">Its id.</param>
    /// <param name="phase">What it is at.</param>
    /// <param name="now">When that begins.</param>
    public IDisposable Mark(string model, CrashPhase phase, DateTimeOffset now)
    {
        _data.Ensure(_data.State);
        string path = Path.Combine(_data.Ensure(Folder), Name(model));
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            using var process = Process.GetCurrentProcess();
            JsonSerializer.Serialize(stream, new CrashMark(new(model, phase, now), process.Id, process.StartTime.Ticks), CrashMarkJson.Default.CrashMark);
            stream.Flush(flushToDisk: true);
        }

        return new Marked(this, model, path);
    }

    private static string Name(string model) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model)))[..32] + ".json";

    private static CrashMark? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), CrashMarkJson.Default.CrashMark);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            // A crash in the middle of writing it came before the danger.
            return null;
        }
    }

    private static bool IsAlive(CrashMark mark)
    {
        try
        {
            using var process = Process.GetProcessById(mark.ProcessId);
            return process.StartTime.Ticks == mark.ProcessStarted;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class Marked(CrashMarkers markers, string model, string path) : IDisposable
    {
        public void Dispose()
        {
            File.Delete(path);
            lock (markers._lock)
                markers._found.Remove(model);
        }
    }
}

/// <param name="Report">What it is about.</param>
/// <param name="ProcessId">Who wrote it.</param>
/// <param name="ProcessStarted">When that process started, since ids are used again.</param>
internal sealed record CrashMark(CrashReport Report, int ProcessId, long ProcessStarted);

[JsonSerializable(typeof(CrashMark))]
internal sealed partial class CrashMarkJson : JsonSerializerContext;
