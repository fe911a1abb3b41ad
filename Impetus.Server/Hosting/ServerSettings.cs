using System.Net;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hub;
using Impetus.Server.Management;

namespace Impetus.Server.Hosting;

/// <summary>How a server runs. Every value is valid: what people write is checked by <see cref="SettingsReader"/>.</summary>
public sealed record ServerSettings
{
    /// <summary>Where models, documents, keys and logs live.</summary>
    public required DataDirectory Data { get; init; }

    /// <summary>1 to 65535; 0 takes any free port.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The address to listen on. Null: both loopbacks, <c>127.0.0.1</c> and <c>::1</c>.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Names, beside this machine's own, that requests may carry as their Host.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The chat model that is loaded at start: an id (<c>org/name</c>) or a folder.</summary>
    public string Model { get; init; } = StarterModels.Chat;

    /// <summary>Other programs whose models may be used too.</summary>
    public IReadOnlySet<ModelOrigin> OtherModels { get; init; } = new HashSet<ModelOrigin>();

    /// <summary>Threads of the CPU engine. Null: one for each physical core.</summary>
    public int? Threads { get; init; }

    /// <summary>Tokens that prompt and answer may have together. Null: what the model was made for.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Bytes that a model's KV cache may take, kept prefixes included. Null: what the models in memory leave for all caches.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>How many answers a model writes side by side, 1 to <see cref="MostBatch"/>; further ones wait.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The largest <see cref="Batch"/>.</summary>
    public const int MostBatch = 256;

    /// <summary>Bytes that the process may take in all. Null: what container and machine allow, with room left for others.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How long a model stays in memory after its last request, where neither that request nor the model says.</summary>
    public KeepAlive KeepAlive { get; init; } = KeepAlive.Usual;

    /// <summary>Which engine computes.</summary>
    public BackendChoice Backend { get; init; }

    /// <summary>Whether the CPU engine may round activations for speed.</summary>
    public Precision Precision { get; init; }

    /// <summary>What is logged. Prompts and answers are, at <see cref="LogLevel.Trace"/> alone.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether documents may be fetched from the web by their addresses.</summary>
    public bool FetchesUrls { get; init; }

    /// <summary>How long running requests may go on when the server is asked to stop.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A key that is valid for this run, beside those on disk.</summary>
    public string? ApiKey { get; init; }
}
