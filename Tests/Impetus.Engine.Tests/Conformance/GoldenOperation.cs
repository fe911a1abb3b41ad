using System.Text.Json;
using Impetus.Engine.Tensors;
using Impetus.Engine.Weights;

namespace Impetus.Engine.Tests.Conformance;

/// <summary>One case of Fixtures/ops: what it computes, said in the words of the contract.</summary>
internal sealed class GoldenOperation : IDisposable
{
    private readonly string _name;
    private readonly JsonElement _parameters;
    private readonly SafetensorsFile _file;

    public GoldenOperation(string group, string name)
    {
        _name = name;
        _parameters = Cases(group).Single(item => item.GetProperty("name").GetString() == name).GetProperty("params");
        _file = SafetensorsFile.Open(Fixture.Path("ops", group + ".safetensors"));
    }

    /// <summary>The cases of a group that the contract can express.</summary>
    public static IEnumerable<string> Names(string group)
    {
        foreach (var name in Cases(group).Select(item => item.GetProperty("name").GetString()!))
        {
            using var operation = new GoldenOperation(group, name);
            if (operation.InContract)
                yield return name;
        }
    }

    /// <summary>
    /// Softmax and the like are parts of operations of ours. Without a mask, queries see keys ahead: the contract has that for
    /// whole sequences, and a last query sees none ahead.
    /// </summary>
    private bool InContract => Operation switch
    {
        "gelu_fast_sigmoid" or "sigmoid" or "softplus" or "erf" or "swiglu_clamped" or "softmax" or "logsumexp" => false,
        "sdpa" => !Has("mask") && (Causal || Stored("q").Shape[2] is 1 || Stored("q").Shape[2] == Stored("k").Shape[2]),
        _ => true,
    };

    private string Operation => _parameters.GetProperty("op").GetString()!;

    private bool Causal => _parameters.GetProperty("mask").GetString() is "causal" or "window";

    public float[] Numbers(string tensor) =>
        Stored(tensor) is { Type: DType.I32 } ids ? [.. ids.As<int>().ToArray().Select(id => (float)id)] : Stored(tensor).As<float>().ToArray();

    /// <summary>Runs it.</summary>
    public float[] Compute(IBackend backend, Func<IBackend, float[], Shape, Tensor> make, Func<IDisposable, IDisposable> owned)
    {
        using var scope = backend.Scope();
        Tensor Make(string tensor) => make(backend, Numbers(tensor), ShapeOf(tensor));
        Tensor? MakeIf(string tensor) => Has(tensor) ? Make(tensor) : null;

        switch (Operation)
        {
            case "rms_norm":
                var plusOne = _parameters.TryGetProperty("weight_plus_one", out _);
                return Read(backend, backend.RmsNorm(Make("x"), Has("weight") ? backend.LoadTensor(Stored("weight"), plusOne ? 1 : 0) : null, Number("eps")));
            case "layer_norm":
                return Read(backend, backend.LayerNorm(Make("x"), MakeIf("weight"), MakeIf("bias"), Number("eps")));
            case "rope" or "rope_scaled":
                return Rope(backend, make);
            case "sdpa":
                return Attend(backend, make);
            case "silu":
                return Read(backend, backend.Activate(Make("x"), Activation.Silu));
            case "gelu":
                return Read(backend, backend.Activate(Make("x"), Activation.Gelu));
            case "gelu_tanh":
                return Read(backend, backend.Activate(Make("x"), Activation.GeluTanh));
            case "relu2":
                return Read(backend, backend.Activate(Make("x"), Activation.ReluSquared));
            case "tanh":
                return Read(backend, backend.Activate(Make("x"), Activation.Tanh));
            case "softcap30":
                return Read(backend, backend.SoftCap(Make("x"), 30));
            case "swiglu" or "geglu":
                var activation = _name switch
                {
                    "swiglu" => Activation.Silu,
                    "geglu_tanh" => Activation.GeluTanh,
                    _ => Activation.Gelu,
                };
                return Read(backend, backend.Multiply(backend.Activate(Make("gate"), activation), Make("up")));
            case "argmax":
                var ids = new int[Stored("x").Shape[0]];
                backend.Read(backend.Sample(Make("x"), [.. ids.Select(_ => new SampleRow(0, 0, 1, 0, 0))]), ids);
                return [.. ids.Select(id => (float)id)];
            case "linear":
                var linear = backend.LoadLinear(new StoredLinear(Stored("weight"), Bias: Has("bias") ? Stored("bias") : null));
                owned(linear);
                return Read(backend, backend.Project(Make("x"), linear));
            case "embedding":
                var table = backend.LoadEmbedding(new StoredLinear(Stored("weight")));
                owned(table);
                using (var batch = backend.Begin([new BatchRow(Stored("ids").Shape[0])], Stored("ids").As<int>()))
                    return Read(backend, backend.Embed(table, batch));
            default:
                throw new NotSupportedException($"{Operation} is no operation that we know: say whether the contract has it.");
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The heads of (B, H, T, D) one behind the other for each token: (T, H, D).</summary>
    private static float[] TokensFirst(float[] numbers, int heads, int tokens, int width, int sequence = 0) =>
        [.. from t in Enumerable.Range(0, tokens)
            from h in Enumerable.Range(0, heads)
            from d in Enumerable.Range(0, width)
            select numbers[(((((sequence * heads) + h) * tokens) + t) * width) + d]];

    private static float[] HeadsFirst(float[] numbers, int heads, int tokens, int width) =>
        [.. from h in Enumerable.Range(0, heads)
            from t in Enumerable.Range(0, tokens)
            from d in Enumerable.Range(0, width)
            select numbers[(((t * heads) + h) * width) + d]];

    private static float[] Read(IBackend backend, Tensor tensor)
    {
        var numbers = new float[tensor.Shape.Count];
        backend.Read(tensor, numbers);
        return numbers;
    }

    private static IEnumerable<JsonElement> Cases(string group)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixture.Path("ops", group + ".json")));
        return [.. json.RootElement.EnumerateArray().Select(item => item.Clone())];
    }

    private float[] Rope(IBackend backend, Func<IBackend, float[], Shape, Tensor> make)
    {
        var (heads, tokens, width) = (Stored("x").Shape[1], Stored("x").Shape[2], Stored("x").Shape[3]);
        var pairs = (int)Number("dims") / 2;
        var periods = Has("freqs") ? Numbers("freqs") : Has("freqs_long") ? Numbers("freqs_long") : null;
        var scale = _parameters.TryGetProperty("rope_type", out var type) && type.GetString() == "linear" ? 1 / Number("factor") : Number("scale", 1);
        var baseOf = Number(_parameters.TryGetProperty("base", out _) ? "base" : "rope_theta", 1);
        var frequencies = new RopeFrequencies(
            [.. Enumerable.Range(0, pairs).Select(i => scale * (periods is null ? MathF.Pow(baseOf, -i / (float)pairs) : 1 / periods[i]))],
            _parameters.GetProperty("traditional").GetBoolean(),
            Number("attention_factor_mlx", 1));

        // Positions come from what is remembered: the tokens before are fed first.
        var offset = (int)Number("offset");
        using var cache = backend.CreateCache([new LayerState(1, 1, 1)]);
        if (offset > 0)
        {
            using var before = backend.Begin([new BatchRow(offset, cache)], new int[offset]);
            before.Complete();
        }

        using var batch = backend.Begin([new BatchRow(tokens, cache)], new int[tokens]);
        var x = make(backend, TokensFirst(Numbers("x"), heads, tokens, width), new Shape(tokens, heads, width));
        return HeadsFirst(Read(backend, backend.Rope(x, batch, frequencies)), heads, tokens, width);
    }

    private float[] Attend(IBackend backend, Func<IBackend, float[], Shape, Tensor> make)
    {
        var (q, k) = (Stored("q").Shape, Stored("k").Shape);
        var (sequences, heads, width, before) = (q[0], q[1], q[3], k[2] - q[2]);
        var options = new AttendOptions
        {
            Scale = Number("scale"),
            Left = _parameters.TryGetProperty("window", out var window) ? window.GetInt32() - 1 : null,
            SoftCap = _parameters.TryGetProperty("softcap", out var cap) ? cap.GetSingle() : null,
            Sinks = Has("sinks") ? make(backend, Numbers("sinks"), ShapeOf("sinks")) : null,
        };
        var y = new List<float>();
        for (var s = 0; s < sequences; s++)
        {
            Tensor Part(string tensor, int first, int count)
            {
                var shape = Stored(tensor).Shape;
                var all = TokensFirst(Numbers(tensor), shape[1], shape[2], shape[3], s);
                var size = shape[1] * shape[3];
                return make(backend, all.AsSpan(first * size, count * size).ToArray(), new Shape(count, shape[1], shape[3]));
            }

            using var cache = before > 0 ? backend.CreateCache([new LayerState(k[1], k[3], Stored("v").Shape[3])]) : null;
            if (cache is not null)
            {
                using var first = backend.Begin([new BatchRow(before, cache)], new int[before]);
                var any = make(backend, new float[before * heads * width], new Shape(before, heads, width));
                backend.Attend(0, any, Part("k", 0, before), Part("v", 0, before), first, options);
                first.Complete();
            }

            using var batch = backend.Begin([new BatchRow(q[2], cache, Bidirectional: !Causal && cache is null)], new int[q[2]]);
            var attended = backend.Attend(0, Part("q", 0, q[2]), Part("k", before, q[2]), Part("v", before, q[2]), batch, options);
            y.AddRange(HeadsFirst(Read(backend, attended), heads, q[2], attended.Shape[2]));
        }

        return [.. y];
    }

    private bool Has(string tensor) => _file.Tensors.ContainsKey($"{_name}.{tensor}");

    private StoredTensor Stored(string tensor) => _file.Tensors[$"{_name}.{tensor}"];

    private Shape ShapeOf(string tensor)
    {
        var shape = Stored(tensor).Shape;
        return shape.Count switch
        {
            1 => new Shape(shape[0]),
            2 => new Shape(shape[0], shape[1]),
            3 => new Shape(shape[0], shape[1], shape[2]),
            _ => new Shape(shape[0], shape[1], shape[2], shape[3]),
        };
    }

    private float Number(string name, float otherwise = 0) =>
        _parameters.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : otherwise;
}
