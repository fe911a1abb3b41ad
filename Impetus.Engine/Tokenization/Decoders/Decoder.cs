using Impetus.Engine.Tokenization.Regex;

namespace Impetus.Engine.Tokenization.Decoders;

/// <summary>The way back from tokens to text: a chain of stages, made anew for each text. Thread safe.</summary>
internal sealed class Decoder
{
    private const int MaxStages = 64;

    private readonly Func<bool, DecoderStage>[] _stages;

    private Decoder(List<Func<bool, DecoderStage>> stages) => _stages = [.. stages];

    /// <summary>Whether tokens are spelled in the letters of <see cref="ByteAlphabet"/>.</summary>
    public bool IsByteLevel { get; private init; }

    /// <summary>Whether &lt;0xE2&gt; stands for a byte.</summary>
    public bool HasByteTokens { get; private init; }

    public static Decoder Load(ConfigNode config)
    {
        var stages = new List<Func<bool, DecoderStage>>();
        if (config.IsNull)
            return new Decoder([_ => new JoinStage()]);
        Add(config, stages);
        var types = new HashSet<string>(StringComparer.Ordinal);
        CollectTypes(config, types);
        return new Decoder(stages) { IsByteLevel = types.Contains("ByteLevel"), HasByteTokens = types.Contains("ByteFallback") };
    }

    /// <summary>Begins a text. When streaming, bytes are shown as soon as they make a character.</summary>
    public DecoderStage Start(bool streaming, DecoderStage sink)
    {
        var next = sink;
        for (int i = _stages.Length - 1; i >= 0; i--)
        {
            var stage = _stages[i](streaming);
            stage.Next = next;
            next = stage;
        }
        return next;
    }

    private static void Add(ConfigNode config, List<Func<bool, DecoderStage>> stages)
    {
        if (stages.Count >= MaxStages)
            throw config.Fault($"makes more than {MaxStages} decoders");
        switch (config.Type)
        {
            case "Sequence":
                foreach (var step in config["decoders"].Items())
                    Add(step, stages);
                break;
            case "ByteLevel":
                stages.Add(_ => new ByteLevelStage());
                break;
            case "ByteFallback":
                stages.Add(streaming => new ByteFallbackStage(streaming));
                break;
            case "Fuse":
                stages.Add(_ => new FuseStage());
                break;
            case "WordPiece":
                string prefix = config["prefix"].StringOrNull() ?? "##";
                bool cleanup = config["cleanup"].Bool(true);
                stages.Add(_ => new WordPieceStage(prefix, cleanup));
                break;
            case "Metaspace":
                var metaspace = Metaspace.Load(config);
                stages.Add(_ => new MetaspaceStage(metaspace));
                break;
            case "BPEDecoder":
                string suffix = config["suffix"].StringOrNull() ?? "</w>";
                stages.Add(_ => new WordEndStage(suffix));
                break;
            case "Strip":
                string content = config["content"].Character();
                int start = config["start"].Number(), stop = config["stop"].Number();
                stages.Add(_ => new StripStage(content, start, stop));
                break;
            case "Replace":
                var pattern = TextPattern.Load(config["pattern"]);
                string replacement = config["content"].String();
                stages.Add(_ => new ReplaceStage(pattern, replacement));
                break;
            case "CTC":
                string pad = config["pad_token"].StringOrNull() ?? "<pad>";
                string delimiter = config["word_delimiter_token"].StringOrNull() ?? "|";
                bool ctcCleanup = config["cleanup"].Bool(true);
                stages.Add(_ => new CtcStage(pad, delimiter, ctcCleanup));
                break;
            default:
                throw config["type"].Unexpected("a decoder that this version knows");
        }
    }

    private static void CollectTypes(ConfigNode config, HashSet<string> types)
    {
        types.Add(config.Type);
        if (config.Type == "Sequence")
            foreach (var step in config["decoders"].Items())
                CollectTypes(step, types);
    }
}
