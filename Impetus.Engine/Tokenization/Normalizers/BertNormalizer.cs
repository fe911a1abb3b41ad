using System.Text;
using Impetus.Engine.Tokenization.Text;
using Impetus.Engine.Tokenization.Unicode;

namespace Impetus.Engine.Tokenization.Normalizers;

/// <summary>BERT's cleaning: control characters out, white space to spaces, ideographs apart, accents off, lower case.</summary>
internal sealed class BertNormalizer : Normalizer
{
    private static readonly CodePointSet Ideographs = CodePointSet.Range(0x4E00, 0x9FFF)
        .Union(CodePointSet.Range(0x3400, 0x4DBF)).Union(CodePointSet.Range(0x20000, 0x2A6DF))
        .Union(CodePointSet.Range(0x2A700, 0x2B73F)).Union(CodePointSet.Range(0x2B740, 0x2B81F))
        .Union(CodePointSet.Range(0x2B920, 0x2CEAF)).Union(CodePointSet.Range(0xF900, 0xFAFF))
        .Union(CodePointSet.Range(0x2F800, 0x2FA1F));

    private readonly Normalizer[] _steps;

    public BertNormalizer(ConfigNode config)
    {
        bool lowercase = config["lowercase"].Bool(true);
        var steps = new List<Normalizer>();
        if (config["clean_text"].Bool(true))
            steps.Add(new Cleaning());
        if (config["handle_chinese_chars"].Bool(true))
            steps.Add(new IdeographSpacing());
        if (config["strip_accents"].Bool(lowercase))
            steps.AddRange([new UnicodeNormalizer(compatibility: false, compose: false), new FilterNormalizer(UnicodeData.Set("BertMark"))]);
        if (lowercase)
            steps.Add(new LowercaseNormalizer());
        _steps = [.. steps];
    }

    public override AlignedText Normalize(AlignedText text)
    {
        foreach (var step in _steps)
            text = step.Normalize(text);
        return text;
    }

    private sealed class Cleaning : CharacterNormalizer
    {
        private static readonly CodePointSet Control = UnicodeData.Set("BertControl");

        protected override string? Replace(int codePoint)
        {
            if (codePoint is > ' ' and < 0x7F)
                return null;
            if (Control.Contains(codePoint))
                return "";
            return codePoint != ' ' && UnicodeData.Whitespace.Contains(codePoint) ? " " : null;
        }
    }

    private sealed class IdeographSpacing : Normalizer
    {
        /// <summary>The ideograph and the space after it share the origin of the space before: the reference counts so.</summary>
        public override AlignedText Normalize(AlignedText text)
        {
            var span = text.Span;
            TextRewriter? rewriter = null;
            for (int at = 0; at < span.Length;)
            {
                Rune.DecodeFromUtf16(span[at..], out var rune, out int units);
                if (rune.Value >= 0x3400 && Ideographs.Contains(rune.Value))
                {
                    if (rewriter is null)
                    {
                        rewriter = new TextRewriter(text.Tracked, text.Length * 2);
                        rewriter.Copy(text, 0, at);
                    }
                    rewriter.Append(' ', text, at);
                    rewriter.Append(rune, text, at);
                    rewriter.Append(' ', text, at);
                }
                else
                {
                    rewriter?.Copy(text, at, units);
                }
                at += units;
            }
            return rewriter?.ToText() ?? text;
        }
    }
}
