using System.Globalization;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Hub;

/// <summary>The weights that a model's folder has, and why they are not all there.</summary>
/// <param name="Bytes">Of all weight files that are there, in whatever format.</param>
/// <param name="Fault">Why they cannot be read; null if they can.</param>
internal sealed record WeightFiles(long Bytes, string? Fault)
{
    private static readonly string[] Unread = [".gguf", ".bin", ".pt", ".pth", ".onnx", ".h5", ".msgpack", ".npz"];

    /// <summary>Whether they are GGUF alone.</summary>
    public bool IsGguf { get; private init; }

    /// <param name="folder">Where <c>model.safetensors</c> or its index should be.</param>
    public static WeightFiles Of(string folder)
    {
        var files = Folders.FilesIn(folder).ToList();
        try
        {
            var named = Checkpoint.Files(folder);
            return new(Sum(named), FaultOf(folder, named));
        }
        catch (CheckpointException fault)
        {
            var weights = files.Where(file => Has(file, ".safetensors")).ToList();
            return weights.Count > 0 || files.Exists(file => Has(file, ".safetensors.index.json"))
                ? new(Sum(weights), NotYet(folder) ?? fault.Message)
                : new(Sum(files.Where(IsUnread)), Without(folder, files)) { IsGguf = files.Exists(IsGgufFile) };
        }
    }

    private static long Sum(IEnumerable<string> files) => files.Sum(file => Folders.Length(file) ?? 0);

    private static string? FaultOf(string folder, IReadOnlyList<string> files)
    {
        foreach (string file in files)
        {
            if (Folders.Length(file) is null)
                return Missing(folder, Path.GetFileName(file));
            try
            {
                SafetensorsFile.Open(file).Dispose();
            }
            catch (CheckpointException fault)
            {
                return fault.Message;
            }
        }

        return null;
    }

    private static string Missing(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return new FileInfo(path).LinkTarget is { } target ? $"{name} leads to {Path.GetFileName(target)}, which is gone. Download it again."
            : Incomplete(folder) is { } partial ? $"The download is not complete: {name} is missing, and {partial}."
            : $"{name} is missing. Download it again.";
    }

    private static string Without(string folder, List<string> files) =>
        NotYet(folder) is { } soon ? soon
        : files.Exists(IsGgufFile) ? "Its weights are GGUF, which is not read. Take a safetensors or MLX version of the model."
        : files.Any(file => Path.GetFileName(file) == "adapter_config.json") ? "It is an adapter (LoRA), which is no model by itself. Take the model that it was merged into."
        : files.FirstOrDefault(IsUnread) is { } other
            ? $"Its weights are in {Path.GetFileName(other)}, a format that is not read. Take a safetensors or MLX version of the model."
        : "There are no weights: neither model.safetensors nor model.safetensors.index.json.";

    private static string? NotYet(string folder) =>
        Incomplete(folder) is { } partial ? $"The download is not complete: weights are missing, and {partial}." : null;

    /// <summary>What is on its way: in Hugging Face's cache beside the snapshot, else in the folder.</summary>
    private static string? Incomplete(string folder)
    {
        string repository = Path.GetFullPath(Path.Combine(folder, "..", ".."));
        string place = HuggingFaceCache.IdOf(repository) is null ? folder : Path.Combine(repository, "blobs");
        var partial = Folders.FilesIn(place).Concat(Folders.FilesIn(Path.Combine(folder, ".cache", "huggingface", "download")))
            .Where(file => Has(file, ".incomplete") || Has(file, ".part") || Path.GetFileName(file).StartsWith("downloading_", StringComparison.Ordinal))
            .ToList();
        return partial.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{(partial.Count == 1 ? "one file is" : $"{partial.Count} files are")} half-way ({partial.Sum(file => Folders.Length(file) ?? 0) / 1e6:0} MB so far)");
    }

    private static bool IsGgufFile(string file) => Has(file, ".gguf");

    private static bool IsUnread(string file) => Unread.Any(ending => Has(file, ending));

    private static bool Has(string file, string ending) => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
