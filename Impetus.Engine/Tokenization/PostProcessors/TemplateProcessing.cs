namespace Impetus.Engine.Tokenization.PostProcessors;

/// <summary>Lays texts and special tokens out by a template, one for a single text and one for a pair.</summary>
internal sealed class TemplateProcessing : PostProcessor
{
    private const int MaxParts = 1000;

    private readonly Part[] _single;
    private readonly Part[] _pair;

    private TemplateProcessing(Part[] single, Part[] pair)
    {
        _single = single;
        _pair = pair;
    }

    public static new TemplateProcessing Load(ConfigNode config) =>
        new(LoadParts(config["single"], config["special_tokens"]), LoadParts(config["pair"], config["special_tokens"]));

    /// <summary>[CLS] a [SEP], and [CLS] a [SEP] b [SEP] with the second text of type 1.</summary>
    public static TemplateProcessing Bert(EncodedToken cls, EncodedToken sep)
    {
        Part begin = Part.Special(0, cls), end = Part.Special(0, sep);
        return new TemplateProcessing(
            [begin, Part.Text(0, 0), end],
            [begin, Part.Text(0, 0), end, Part.Text(1, 1), Part.Special(1, sep)]);
    }

    /// <summary>&lt;s&gt; a &lt;/s&gt;, and &lt;s&gt; a &lt;/s&gt; &lt;/s&gt; b &lt;/s&gt;, all of type 0.</summary>
    public static TemplateProcessing Roberta(EncodedToken cls, EncodedToken sep)
    {
        Part begin = Part.Special(0, cls), end = Part.Special(0, sep);
        return new TemplateProcessing(
            [begin, Part.Text(0, 0), end],
            [begin, Part.Text(0, 0), end, end, Part.Text(1, 0), end]);
    }

    public override int AddedTokens(bool isPair) => (isPair ? _pair : _single).Sum(p => p.Tokens.Length);

    public override List<EncodedSequence> Process(List<EncodedSequence> parts, bool addSpecialTokens)
    {
        // A second template sees what a first one made as further parts; no file in use has two.
        if (parts.Count > 2)
            return parts;
        var result = new List<EncodedSequence>();
        foreach (var part in parts.Count == 2 ? _pair : _single)
        {
            if (part.Sequence is { } sequence)
            {
                if (sequence < parts.Count)
                    result.Add(parts[sequence].Select(t => t with { TypeId = part.TypeId }));
            }
            else if (addSpecialTokens)
            {
                result.Add(new EncodedSequence([.. part.Tokens.Select(t => t with { TypeId = part.TypeId })]));
            }
        }
        return result;
    }

    public override void WrapIds(List<int> ids, Action<List<int>> encodeText)
    {
        foreach (var part in _single)
        {
            if (part.Sequence == 0)
                encodeText(ids);
            foreach (var token in part.Tokens)
                ids.Add(token.Id);
        }
    }

    private static Part[] LoadParts(ConfigNode config, ConfigNode specialTokens)
    {
        var parts = new List<Part>();
        foreach (var item in config.Items())
        {
            if (parts.Count == MaxParts)
                throw config.Fault($"has more than {MaxParts} parts");
            var sequence = item["Sequence"];
            if (!sequence.IsNull)
            {
                int index = sequence["id"].String() switch
                {
                    "A" => 0,
                    "B" => 1,
                    _ => throw sequence["id"].Unexpected("A or B"),
                };
                parts.Add(Part.Text(index, LoadType(sequence)));
                continue;
            }
            var special = item["SpecialToken"];
            if (special.IsNull)
                throw item.Unexpected("a Sequence or a SpecialToken");
            string id = special["id"].String();
            if (specialTokens.IsNull || specialTokens[id].IsNull)
                throw special["id"].Fault($"is \"{id}\", which special_tokens does not hold");
            parts.Add(Part.Special(LoadType(special), LoadTokens(specialTokens[id])));
        }
        return [.. parts];
    }

    private static int LoadType(ConfigNode config) => config["type_id"].IsNull ? 0 : config["type_id"].Number();

    private static EncodedToken[] LoadTokens(ConfigNode config)
    {
        int[] ids = [.. config["ids"].Items().Select(i => i.Number(Models.Vocabulary.MaxId))];
        string[] texts = [.. config["tokens"].Items().Select(t => t.String())];
        if (ids.Length != texts.Length)
            throw config.Fault($"has {ids.Length} ids but {texts.Length} tokens");
        return [.. ids.Zip(texts, (id, text) => new EncodedToken(id, text, default, IsSpecial: true))];
    }

    /// <summary>Either a text, by its number, or special tokens.</summary>
    private sealed record Part(int? Sequence, int TypeId, EncodedToken[] Tokens)
    {
        public static Part Text(int sequence, int typeId) => new(sequence, typeId, []);

        public static Part Special(int typeId, params EncodedToken[] tokens) => new(null, typeId, tokens);
    }
}
