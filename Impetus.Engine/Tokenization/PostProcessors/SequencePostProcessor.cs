namespace Impetus.Engine.Tokenization.PostProcessors;

/// <summary>One post-processor after another.</summary>
internal sealed class SequencePostProcessor(PostProcessor[] steps) : PostProcessor
{
    public override int AddedTokens(bool isPair) => steps.Sum(s => s.AddedTokens(isPair));

    public override List<EncodedSequence> Process(List<EncodedSequence> parts, bool addSpecialTokens)
    {
        foreach (var step in steps)
            parts = step.Process(parts, addSpecialTokens);
        return parts;
    }

    public override void WrapIds(List<int> ids, Action<List<int>> encodeText)
    {
        foreach (var step in steps)
        {
            var inner = encodeText;
            encodeText = list => step.WrapIds(list, inner);
        }
        encodeText(ids);
    }
}
