using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Engine.Generation;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>The fields by which a request says how tokens are chosen and when an answer ends.</summary>
internal static class SamplingFields
{
    private const int MaxStops = 4;
    private const int MaxStopLength = 1024;
    private static readonly Bounds Bias = new(-100, 100);

    public static readonly Field<double?> Temperature =
        Fields.Number("temperature", new(0, 2), "0: always the likeliest token. Higher: more variety.");

    public static readonly Field<double?> TopP =
        Fields.Number("top_p", new(0, 1), "Only the likeliest tokens that together have this probability are chosen from.");

    public static readonly Field<int?> TopK =
        Fields.Integer("top_k", 0, int.MaxValue, "Only so many of the likeliest tokens are chosen from; 0: all.");

    public static readonly Field<double?> MinP =
        Fields.Number("min_p", new(0, 1), "Only tokens with at least this share of the likeliest one's probability are chosen from.");

    public static readonly Field<double?> TypicalP = Fields.Number(
        "typical_p", new(0, 1), "Only the tokens nearest to the expected surprise that together have this probability are chosen from.");

    public static readonly Field<double?> FrequencyPenalty =
        Fields.Number("frequency_penalty", new(-2, 2), "Subtracted from a token's logit for each time that the answer has it.");

    public static readonly Field<double?> PresencePenalty =
        Fields.Number("presence_penalty", new(-2, 2), "Subtracted from a token's logit if the answer has it at all.");

    public static readonly Field<double?> RepetitionPenalty = Fields.Number(
        "repetition_penalty", new(0.01, 2), "Above 1: tokens of the prompt and the answer become less likely (CTRL).");

    public static readonly Field<long?> Seed = new(
        "seed",
        "The same seed and request give the same text, whatever else the server does.",
        () => new() { ["type"] = "integer" },
        value => value.Integer(long.MinValue, long.MaxValue));

    public static readonly Field<IReadOnlyDictionary<int, float>> LogitBias = new(
        "logit_bias",
        "Added to the logits of tokens: ids of the vocabulary to numbers from -100 to 100.",
        () => new() { ["type"] = "object", ["additionalProperties"] = Bias.Schema() },
        ReadBias);

    public static readonly Field<IReadOnlyList<string>> Stop = new(
        "stop",
        "Up to 4 texts; the answer ends before the first of them.",
        () => new()
        {
            ["anyOf"] = new JsonArray(
                Fields.Schema("string"),
                new JsonObject { ["type"] = "array", ["maxItems"] = MaxStops, ["items"] = Fields.Schema("string") }),
        },
        ReadStop);

    public static readonly Field<bool?> IgnoreEos =
        Fields.Flag("ignore_eos", "Goes on after an end-of-sequence token, until length or a stop text ends the answer.");

    public static IReadOnlyList<Field> All { get; } =
    [
        Temperature, TopP, TopK, MinP, TypicalP, FrequencyPenalty, PresencePenalty, RepetitionPenalty, Seed, LogitBias, Stop, IgnoreEos,
    ];

    /// <summary>What a request asks for; where it says nothing, what the model's makers recommend.</summary>
    /// <exception cref="ApiException">A field is wrong for this model.</exception>
    public static SamplingOptions Read(FieldReader fields, IChatModel model)
    {
        var defaults = model.DefaultSampling;
        return defaults with
        {
            Temperature = (float?)fields.Get(Temperature) ?? defaults.Temperature,
            TopP = (float?)fields.Get(TopP) ?? defaults.TopP,
            TopK = fields.Get(TopK) ?? defaults.TopK,
            MinP = (float?)fields.Get(MinP) ?? defaults.MinP,
            TypicalP = (float?)fields.Get(TypicalP) ?? defaults.TypicalP,
            FrequencyPenalty = (float?)fields.Get(FrequencyPenalty) ?? defaults.FrequencyPenalty,
            PresencePenalty = (float?)fields.Get(PresencePenalty) ?? defaults.PresencePenalty,
            RepetitionPenalty = (float?)fields.Get(RepetitionPenalty) ?? defaults.RepetitionPenalty,
            Seed = (ulong?)fields.Get(Seed),
            LogitBias = InVocabulary(fields.Get(LogitBias), model.Generator.VocabularySize),
        };
    }

    private static Dictionary<int, float> ReadBias(RequestValue value)
    {
        var biases = new Dictionary<int, float>();
        foreach (var (name, bias) in value.Members())
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
                throw ApiException.Invalid(value.Path, $"{value.Path} has a key that is no token id; keys are numbers such as \"50256\".");
            if (!biases.TryAdd(token, (float)bias.Number(Bias)))
                throw ApiException.Invalid(value.Path, $"{value.Path} has the token {token} twice.");
        }

        return biases;
    }

    private static IReadOnlyDictionary<int, float>? InVocabulary(IReadOnlyDictionary<int, float>? biases, int vocabulary)
    {
        foreach (int token in biases?.Keys ?? [])
        {
            if (token >= vocabulary)
                throw ApiException.Invalid(
                    $"logit_bias.{token}", $"logit_bias has the token {token}; this model's token ids are from 0 to {vocabulary - 1}.");
        }

        return biases;
    }

    private static IReadOnlyList<string> ReadStop(RequestValue value)
    {
        if (value.Kind == JsonValueKind.String)
            return [Text(value)];
        if (value.Kind != JsonValueKind.Array)
            throw value.Expected("a string or an array of strings");
        return value.Element.GetArrayLength() == 0 ? [] : [.. value.Items(MaxStops, "texts").Select(Text)];

        static string Text(RequestValue value) => value.Text(MaxStopLength) is { Length: > 0 } text
            ? text
            : throw ApiException.Invalid(value.Path, $"{value.Path} is empty; an empty text would end every answer at once.");
    }
}
