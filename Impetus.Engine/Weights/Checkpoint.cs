using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Impetus.Engine.Tensors;

namespace Impetus.Engine.Weights;

/// <summary>
/// The weights of a model's folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> lists.
/// </summary>
public sealed class Checkpoint : ICheckpoint
{
    private const long MaxIndexBytes = 64 << 20;

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly QuantizationSettings _quantization;

    private Checkpoint(string folder, QuantizationSettings quantization) => (_folder, _quantization) = (folder, quantization);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Bytes of all files.</summary>
    public long Bytes => _files.Sum(file => file.Length);

    /// <summary>Maps the weights of a folder.</summary>
    /// <param name="folder">A model's folder.</param>
    /// <param name="config">Its <c>config.json</c>, which says how weights are quantised.</param>
    /// <exception cref="CheckpointException">Files are missing or break a rule.</exception>
    public static Checkpoint Open(string folder, ConfigReader config)
    {
        var checkpoint = new Checkpoint(folder, QuantizationSettings.From(config));
        try
        {
            foreach (string path in Files(folder))
                checkpoint.Add(SafetensorsFile.Open(path), path);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public StoredTensor Get(string name) =>
        TryGet(name, out var tensor) ? tensor : throw new CheckpointException($"{_folder}: tensor '{name}' is missing.");

    /// <inheritdoc/>
    public bool Has(string name) => _tensors.ContainsKey(name + ".weight");

    /// <inheritdoc/>
    public StoredLinear Linear(string name)
    {
        var weight = Get(name + ".weight");
        TryGet(name + ".bias", out var bias);
        if (weight.Shape.Count != 2)
            throw Fault(name, $"the weight has {weight.Shape.Count} axes instead of 2.");
        var linear = TryGet(name + ".scales", out var scales) ? Quantized(name, weight, scales, bias) : new StoredLinear(weight, Bias: bias);
        if (linear.Format is null && weight.Type is not (DType.F32 or DType.F16 or DType.BF16))
            throw Fault(name, $"a dense weight cannot be of type {weight.Type}.");
        if (bias is not null && (bias.Shape.Count != 1 || bias.Shape[0] != linear.OutFeatures))
            throw Fault(name, $"the bias has shape ({string.Join(", ", bias.Shape)}) for {linear.OutFeatures} rows.");
        return linear;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
        _files.Clear();
        _tensors.Clear();
    }

    private StoredLinear Quantized(string name, StoredTensor weight, StoredTensor scales, StoredTensor? bias)
    {
        var format = _quantization.For(name) ?? throw Fault(name, "there are scales, but config.json has no quantization for it.");
        TryGet(name + ".biases", out var biases);
        if (weight.Type != DType.U32)
            throw Fault(name, $"a packed weight is of type U32, not {weight.Type}.");
        if ((long)weight.Shape[1] * 32 % format.Bits != 0)
            throw Fault(name, $"rows of {weight.Shape[1]} words hold no whole number of {format.Bits}-bit values.");
        var linear = new StoredLinear(weight, scales, biases, bias, format);
        if (scales.Shape.Count != 2 || scales.Shape[0] != linear.OutFeatures || (long)scales.Shape[1] * format.GroupSize != linear.InFeatures)
            throw Fault(name, $"scales of shape ({string.Join(", ", scales.Shape)}) do not fit ({linear.OutFeatures}, {linear.InFeatures}) in groups of {format.GroupSize}.");
        if (format.Mode == QuantizationMode.Affine)
        {
            if (biases is null || !biases.Shape.SequenceEqual(scales.Shape))
                throw Fault(name, "an affine weight needs biases of its scales' shape.");
            if (scales.Type is not (DType.F32 or DType.F16 or DType.BF16) || biases.Type != scales.Type)
                throw Fault(name, $"scales of type {scales.Type} and biases of type {biases.Type} do not go together.");
        }
        else if (scales.Type != DType.U8)
        {
            throw Fault(name, $"scales of mode {format.Mode} are bytes, not {scales.Type}.");
        }

        return linear;
    }

    private void Add(SafetensorsFile file, string path)
    {
        _files.Add(file);
        foreach (var (name, tensor) in file.Tensors)
        {
            if (!_tensors.TryAdd(name, tensor))
                throw new CheckpointException($"{path}: tensor '{name}' is also in another file of the folder.");
        }
    }

    /// <summary>The files that hold a folder's weights, whether they are there or not.</summary>
    /// <exception cref="CheckpointException">Nothing says which, or the index is damaged.</exception>
    internal static List<string> Files(string folder)
    {
        string index = Path.Combine(folder, "model.safetensors.index.json");
        string single = Path.Combine(folder, "model.safetensors");
        if (File.Exists(single))
            return [single];
        if (!File.Exists(index))
            throw new CheckpointException($"{folder}: there is neither model.safetensors nor model.safetensors.index.json.");
        return Shards(folder, index);
    }

    private static List<string> Shards(string folder, string index)
    {
        try
        {
            if (new FileInfo(index).Length > MaxIndexBytes)
                throw new CheckpointException($"{index}: larger than {MaxIndexBytes} bytes.");
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{index}: there is no weight_map.");
            var names = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var entry in map.EnumerateObject())
            {
                string? name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
                if (string.IsNullOrEmpty(name) || name != Path.GetFileName(name))
                    throw new CheckpointException($"{index}: tensor '{entry.Name}' is in {entry.Value.GetRawText()}, which is no file of this folder.");
                names.Add(name);
            }

            return [.. names.Select(name => Path.Combine(folder, name))];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or IOException)
        {
            throw new CheckpointException($"{index}: {fault.Message}", fault);
        }
    }

    private CheckpointException Fault(string name, string what) => new($"{_folder}: '{name}': {what}");
}
