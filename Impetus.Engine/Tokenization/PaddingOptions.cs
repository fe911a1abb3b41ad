namespace Impetus.Engine.Tokenization;

/// <summary>How shorter texts of a batch are filled up.</summary>
/// <param name="Length">The length to reach; null for that of the longest text.</param>
/// <param name="MultipleOf">The length is rounded up to a multiple of this; null or 0 for none.</param>
/// <param name="Side">Which end is filled.</param>
/// <param name="PadId">The id to fill with.</param>
/// <param name="PadTypeId">The type of what is filled in.</param>
/// <param name="PadToken">The token to fill with.</param>
public sealed record PaddingOptions(
    int? Length = null,
    int? MultipleOf = null,
    TextSide Side = TextSide.Right,
    int PadId = 0,
    int PadTypeId = 0,
    string PadToken = "[PAD]")
{
    private const int MaxLength = 1 << 24;

    internal static PaddingOptions? Load(ConfigNode config)
    {
        if (config.IsNull)
            return null;
        var strategy = config["strategy"];
        int? length = strategy.Element.ValueKind == System.Text.Json.JsonValueKind.Object
            ? strategy["Fixed"].Number(MaxLength)
            : strategy.String() == "BatchLongest" ? null : throw strategy.Unexpected("BatchLongest or {\"Fixed\": length}");
        return new PaddingOptions(
            length,
            config["pad_to_multiple_of"].IsNull ? null : config["pad_to_multiple_of"].Number(MaxLength),
            LoadSide(config["direction"]),
            config["pad_id"].Number(),
            config["pad_type_id"].Number(),
            config["pad_token"].String());
    }

    internal static TextSide LoadSide(ConfigNode config) => config.IsNull ? TextSide.Right : config.String() switch
    {
        "Right" => TextSide.Right,
        "Left" => TextSide.Left,
        _ => throw config.Unexpected("Left or Right"),
    };

    /// <summary>Fills a batch up, overflowing parts too.</summary>
    internal List<EncodedSequence> Apply(List<EncodedSequence> batch)
    {
        int length = Length ?? batch.Max(s => (int?)s.Tokens.Count) ?? 0;
        if (MultipleOf is > 0 and var multiple && length % multiple != 0)
            length += multiple - length % multiple;
        var pad = new EncodedToken(PadId, PadToken, default, PadTypeId, IsSpecial: true, IsPadding: true);
        return batch.ConvertAll(s => s.Rebuild(tokens =>
        {
            var filling = Enumerable.Repeat(pad, Math.Max(0, length - tokens.Count));
            return Side == TextSide.Right ? [.. tokens, .. filling] : [.. filling, .. tokens];
        }));
    }
}
