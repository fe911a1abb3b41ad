using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Impetus.Engine;
using Impetus.Engine.Backends;
using Impetus.Engine.Backends.Cpu;
using Impetus.Engine.Hardware;
using Impetus.Engine.Weights;
using Impetus.Server.Hosting;
using Impetus.Server.Management;
using Impetus.Server.Management.Memory;
using Impetus.Server.Security;

namespace Impetus.Server.Cli;

/// <summary>What a check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Found">What is there.</param>
/// <param name="Remedy">What to do; null where all is fine.</param>
/// <param name="Of">Which of them, where there are several.</param>
internal sealed record Finding(string Check, string Found, string? Remedy = null, string? Of = null);

/// <summary>Looks at everything that Impetus needs.</summary>
internal static class Diagnosis
{
    private const long LeastMemory = 2_000_000_000;

    public static async Task<IReadOnlyList<Finding>> RunAsync(ServerSettings settings) =>
    [
        Processor(),
        Instructions(),
        Memory(settings),
        DataFolder(settings.Data),
        KeyFile(settings),
        .. Models(settings),
        Port(settings),
        .. await EngineAsync(settings),
    ];

    private static Finding Processor() => new("processor", $"{Machine.Current}, {RuntimeInformation.OSDescription.Trim()}");

    private static Finding Instructions()
    {
        string[] sets = [.. new[]
        {
            (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"), (Avx512F.IsSupported, "AVX-512"), (Avx512Vbmi.IsSupported, "AVX-512 VBMI"),
            (AdvSimd.IsSupported, "NEON"), (Dp.IsSupported, "NEON dot product"),
        }.Where(set => set.Item1).Select(set => set.Item2)];
        return sets.Length > 0
            ? new("instruction sets", string.Join(", ", sets))
            : new("instruction sets", "neither AVX2 nor NEON", "The CPU engine works, slowly. Use a machine from the last ten years.");
    }

    private static Finding Memory(ServerSettings settings)
    {
        var budget = new MemoryBudget(settings, PlainMemory.OfThisMachine());
        string found = $"{ByteCount.Text(budget.LimitBytes)} for a server (by {budget.LimitedBy})";
        return new("memory", found, budget.LimitBytes >= LeastMemory ? null : "The starter models fit; larger ones do not. Give the machine or container more memory.");
    }

    private static Finding DataFolder(DataDirectory data)
    {
        try
        {
            string probe = Path.Combine(data.Ensure(data.State), $"doctor-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new("data directory", data.Path);
        }
        catch (Exception fault) when (fault is SettingsException or IOException or UnauthorizedAccessException)
        {
            return new("data directory", data.Path, $"It cannot be written to: {fault.Message} Choose another with --home.");
        }
    }

    private static Finding KeyFile(ServerSettings settings)
    {
        try
        {
            // Opening it also takes it from the eyes of others.
            var keys = ApiKeys.Open(settings.Data, settings.ApiKey);
            return new("key file", $"{keys.FirstPath}, and {keys.List().Count} named keys");
        }
        catch (Exception fault) when (fault is SettingsException or IOException or UnauthorizedAccessException)
        {
            return new("key file", fault.Message, "Mend it, or delete it: a new key is made at the next start.");
        }
    }

    private static IEnumerable<Finding> Models(ServerSettings settings)
    {
        var folders = ModelFolders.Of(settings);
        if (folders.Ids.Count == 0)
            yield return new("models", "none", $"Put a model's files into {settings.Data.Models}/ORG/NAME, or install Impetus with its starter models.");
        foreach (string id in folders.Ids)
            yield return Model(id, folders.Find(id)!);
    }

    /// <summary>Opens the weights: a file that is cut short shows in its header.</summary>
    private static Finding Model(string id, string folder)
    {
        try
        {
            var description = ModelDescription.Read(folder);
            using var checkpoint = Checkpoint.Open(folder, ConfigReader.OpenFolder(folder));
            string found = string.Create(CultureInfo.InvariantCulture, $"{description.Architecture}, {description.Quantization}, {description.SizeBytes / 1e6:0} MB");
            return new("model", found, Of: id);
        }
        catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
        {
            return new("model", fault.Message, $"Delete {folder} and install the model again.", id);
        }
    }

    private static Finding Port(ServerSettings settings)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect("localhost", settings.Port);
        }
        catch (SocketException)
        {
            return new("port", $"{settings.Port} is free");
        }

        string owner = PortOwner.Describe(settings.Port) ?? "a program";
        return owner.Contains("'impetus'", StringComparison.OrdinalIgnoreCase) || owner.Contains("Impetus.", StringComparison.Ordinal)
            ? new("port", $"Impetus listens on {settings.Port}")
            : new("port", $"{owner} listens on {settings.Port}", "Stop it, or choose another port with --port.");
    }

    private static async Task<IEnumerable<Finding>> EngineAsync(ServerSettings settings)
    {
        try
        {
            await using var engine = await InferenceEngine.StartAsync(settings.Backend, new CpuOptions { Threads = settings.Threads ?? 0 });
            return [new("engine", engine.Reason), .. engine.Routes.Select(Route)];
        }
        catch (Exception fault) when (fault is NotSupportedException or BackendUnavailableException)
        {
            return [new("engine", fault.Message, "Leave --backend at auto, or choose cpu.")];
        }
    }

    private static Finding Route(ComputeRoute route) => new(
        route.Task.ToString().ToLowerInvariant(),
        $"{Name(route.Device)}. {route.Reason}");

    private static string Name(ComputeDevice device) => device switch
    {
        ComputeDevice.Metal => "GPU",
        ComputeDevice.NeuralEngine => "neural engine",
        _ => "CPU",
    };
}
