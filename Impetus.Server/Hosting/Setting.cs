using System.Globalization;
using System.Net;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hub;
using Impetus.Server.Management;

namespace Impetus.Server.Hosting;

/// <summary>
/// One thing that people can set: <c>--cache-size 2GB</c> on the command line, <c>IMPETUS_CACHE_SIZE=2GB</c> in the environment,
/// or <c>"cache_size": "2GB"</c> in the settings file.
/// </summary>
/// <param name="Name">As on the command line, without the dashes.</param>
/// <param name="Help">What it is for, and its default.</param>
/// <param name="Expected">What a value must be.</param>
/// <param name="Apply">Takes a value over; null if it is not what is expected.</param>
internal sealed record Setting(string Name, string Help, string Expected, Func<ServerSettings, string, ServerSettings?> Apply)
{
    /// <summary>All but the data directory (which must be known before the file is read) and the key (which is no option, since
    /// other users of the machine can see a command line).</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("port", "Port to listen on (8080; 0 takes any free one).", "a number from 0 to 65535, such as 8081",
            (s, v) => Whole(v, 0, 65535) is { } port ? s with { Port = (int)port } : null),
        new("host", "Address to listen on (localhost: 127.0.0.1 and ::1).",
            "localhost, or an address of this machine such as 127.0.0.1, ::1 or 0.0.0.0",
            (s, v) => v == "localhost" ? s with { Address = null }
                : IPAddress.TryParse(v, out var address) ? s with { Address = address } : null),
        new("allowed-hosts", "Further names that requests may use for this server, separated by commas.",
            "host names separated by commas, without ports, such as llm.example.org",
            (s, v) => Hosts(v) is { } hosts ? s with { AllowedHosts = hosts } : null),
        new("model", $"Chat model to load: an id or a folder ({StarterModels.Chat}).",
            "a model id such as org/name, or a folder",
            (s, v) => v.Length > 0 ? s with { Model = v } : null),
        new("other-models", "Whose models are used too: all, none, or of huggingface, lmstudio and mlx (none).",
            "all, none, or names of huggingface, lmstudio and mlx separated by commas",
            (s, v) => Others(v) is { } origins ? s with { OtherModels = origins } : null),
        new("threads", "Threads of the CPU engine (one for each physical core).", "a number from 1 to 1024",
            (s, v) => Whole(v, 1, 1024) is { } threads ? s with { Threads = (int)threads } : null),
        new("context", "Tokens that prompt and answer may have together (the model's own context).",
            "a number of tokens from 16 to 16777216",
            (s, v) => Whole(v, 16, 1 << 24) is { } tokens ? s with { ContextTokens = (int)tokens } : null),
        new("cache-size", "Memory for the KV cache, kept prefixes included (what the models leave).",
            "a size such as 512MB or 4GB",
            (s, v) => ByteCount.Parse(v) is { } bytes ? s with { CacheBytes = bytes } : null),
        new("batch", "Answers that a model writes side by side (32).", $"a number from 1 to {ServerSettings.MostBatch}",
            (s, v) => Whole(v, 1, ServerSettings.MostBatch) is { } answers ? s with { Batch = (int)answers } : null),
        new("memory", "Memory that the process may take in all (what the machine or its container allows, with room left for others).",
            "a size such as 6.2GB or 12GB",
            (s, v) => ByteCount.Parse(v) is { } bytes ? s with { MemoryBytes = bytes } : null),
        new("keep-alive", "How long a model stays in memory after its last request (5m).", KeepAlive.Expected,
            (s, v) => KeepAlive.Parse(v) is { } keep ? s with { KeepAlive = keep } : null),
        new("backend", "Which engine computes: auto, mlx or cpu (auto: MLX on Apple silicon).", "auto, mlx or cpu",
            (s, v) => Choice<BackendChoice>(v) is { } backend ? s with { Backend = backend } : null),
        new("precision", "Of the CPU engine: exact, or fast with rounded activations (exact).", "exact or fast",
            (s, v) => Choice<Precision>(v) is { } precision ? s with { Precision = precision } : null),
        new("log-level", "What is logged: trace (with prompts), debug, information, warning, error (information).",
            "trace, debug, information, warning or error",
            (s, v) => Choice<LogLevel>(v) is { } level and >= LogLevel.Trace and <= LogLevel.Error ? s with { LogLevel = level } : null),
        new("fetch-urls", "Whether documents may be fetched from the web by their addresses: on or off (off).", "on or off",
            (s, v) => v is "on" or "off" ? s with { FetchesUrls = v == "on" } : null),
        new("shutdown-timeout", "Seconds that running requests may go on when the server stops (10).",
            "a number of seconds from 0 to 600",
            (s, v) => Whole(v, 0, 600) is { } seconds ? s with { ShutdownTimeout = TimeSpan.FromSeconds(seconds) } : null),
    ];

    public string Option => $"--{Name}";

    public string Variable => $"IMPETUS_{Key.ToUpperInvariant()}";

    public string Key => Name.Replace('-', '_');

    private static long? Whole(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max
            ? value
            : null;

    private static T? Choice<T>(string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && !char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+')
            ? value
            : null;

    private static HashSet<ModelOrigin>? Others(string text)
    {
        ModelOrigin[] all = [ModelOrigin.HuggingFace, ModelOrigin.LmStudio, ModelOrigin.Mlx];
        if (text is "all" or "none")
            return text == "all" ? [.. all] : [];
        var origins = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => Array.Find(all, origin => origin.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))).ToList();
        // What is not found is the first of all origins, which is none of another program.
        return origins.Count > 0 && !origins.Contains(default) ? [.. origins] : null;
    }

    private static string[]? Hosts(string text)
    {
        string[] hosts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return hosts.Length > 0 && hosts.All(host => Uri.CheckHostName(host) != UriHostNameType.Unknown) ? hosts : null;
    }
}
