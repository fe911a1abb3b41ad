namespace Impetus.Engine.Tokenization.PostProcessors;

/// <summary>Adds what surrounds the texts of a request: [CLS], &lt;s&gt; and the like. Thread safe.</summary>
internal abstract class PostProcessor
{
    /// <summary>How many tokens it adds to one text, or to a pair.</summary>
    public abstract int AddedTokens(bool isPair);

    /// <summary>Works on parts: the text, the second text of a pair, or, after a template, what it made of them.</summary>
    public abstract List<EncodedSequence> Process(List<EncodedSequence> parts, bool addSpecialTokens);

    /// <summary>Ids alone, for the fast path: what stands before, between and after the texts.</summary>
    public virtual void WrapIds(List<int> ids, Action<List<int>> encodeText) => encodeText(ids);

    /// <summary>Builds a post-processor; null for an absent one.</summary>
    public static PostProcessor? Load(ConfigNode config)
    {
        if (config.IsNull)
            return null;
        return config.Type switch
        {
            "Sequence" => new SequencePostProcessor([.. config["processors"].Items().Select(c => Load(c) ?? throw c.Unexpected("a post-processor"))]),
            "TemplateProcessing" => TemplateProcessing.Load(config),
            "BertProcessing" => TemplateProcessing.Bert(LoadToken(config["cls"]), LoadToken(config["sep"])),
            "RobertaProcessing" => LoadRoberta(config),
            "ByteLevel" => new OffsetTrimming(config["trim_offsets"].Bool(true), config["add_prefix_space"].Bool(true)),
            _ => throw config["type"].Unexpected("a post-processor that this version knows"),
        };
    }

    private static SequencePostProcessor LoadRoberta(ConfigNode config) => new(
    [
        new OffsetTrimming(config["trim_offsets"].Bool(true), config["add_prefix_space"].Bool(true)),
        TemplateProcessing.Roberta(LoadToken(config["cls"]), LoadToken(config["sep"])),
    ]);

    private static EncodedToken LoadToken(ConfigNode config)
    {
        var items = config.Items().ToArray();
        return items.Length == 2
            ? new EncodedToken(items[1].Number(Models.Vocabulary.MaxId), items[0].String(), default, IsSpecial: true)
            : throw config.Unexpected("a pair of a token and its id");
    }
}
