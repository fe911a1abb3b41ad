using Impetus.Retrieval.Chunking;

namespace Impetus.Retrieval.Answering;

/// <summary>A sentence of an evidence: the range of its text in UTF-16 code units, its words, and those of the whole passage and its title.</summary>
internal sealed record EvidenceSentence(Evidence Evidence, int Index, TextRange Range, HashSet<string> Terms, HashSet<string> PassageTerms)
{
    public string Text => Evidence.Text[Range.Start..Range.End];

    /// <summary>All sentences, in the order of the evidence and its text.</summary>
    public static List<EvidenceSentence> Split(IEnumerable<Evidence> evidence, string language)
    {
        var sentences = new List<EvidenceSentence>();
        foreach (var item in evidence)
        {
            int index = 0;
            var all = ContentTerms.Of($"{item.Title}\n{item.Text}", language);
            foreach (var range in RangesOf(item.Text))
                sentences.Add(new EvidenceSentence(item, index++, range, ContentTerms.Of(item.Text[range.Start..range.End], language), all));
        }
        return sentences;
    }

    /// <summary>
    /// The sentences of a text, without the white space between them. A paragraph ends one too, and so does a line of a table (whose cells
    /// are parted by tabs) or, where <paramref name="byLine"/> is set, any line.
    /// </summary>
    public static IEnumerable<TextRange> RangesOf(string text, bool byLine = false)
    {
        var borders = new TextBorders(new ChunkSource(text), _ => false);
        foreach (var paragraph in borders.Parts(new TextRange(0, text.Length), BorderKind.Paragraph))
        {
            bool lines = byLine || text.AsSpan(paragraph.Start, paragraph.End - paragraph.Start).Contains('\t');
            foreach (var part in lines ? borders.Parts(paragraph, BorderKind.Line) : [paragraph])
            {
                foreach (var sentence in borders.Parts(part, BorderKind.Sentence))
                    yield return sentence;
            }
        }
    }
}
