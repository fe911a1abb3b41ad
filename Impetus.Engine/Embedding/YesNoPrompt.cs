using Impetus.Engine.Weights;

namespace Impetus.Engine.Embedding;

/// <summary>
/// How Qwen3-Reranker is asked, by its model card: a fixed beginning and end around instruction, query and document. What is
/// too long is cut at the end of the document, so that the question itself stays whole.
/// </summary>
internal sealed class YesNoPrompt
{
    private const string Beginning =
        "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct provided. " +
        "Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n<|im_start|>user\n";

    private const string End = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";
    private const string Instruction = "Given a web search query, retrieve relevant passages that answer the query";

    private readonly SequenceBuilder _tokens;
    private readonly List<int> _beginning, _end;

    /// <exception cref="CheckpointException">The model's limit leaves no room for the question.</exception>
    public YesNoPrompt(SequenceBuilder tokens)
    {
        (_tokens, _beginning, _end) = (tokens, Encode(Beginning), Encode(End));
        if (_beginning.Count + _end.Count >= tokens.Limit)
            throw new CheckpointException($"A limit of {tokens.Limit} tokens leaves no room for the {_beginning.Count + _end.Count} around a pair.");

        List<int> Encode(string text) => tokens.Tokenizer.EncodeIds(text, addSpecialTokens: false);
    }

    /// <summary>The question about a pair.</summary>
    public TokenSequence Pair(string query, string document)
    {
        var body = _tokens.Tokenizer.EncodeIds($"<Instruct>: {Instruction}\n<Query>: {query}\n<Document>: {document}", addSpecialTokens: false);
        int room = _tokens.Limit - _beginning.Count - _end.Count;
        return new TokenSequence([.. _beginning, .. body.Take(room), .. _end], [], _beginning.Count + body.Count + _end.Count);
    }

    /// <summary>The token of an answer.</summary>
    /// <exception cref="CheckpointException">The vocabulary has none.</exception>
    public static int Token(SequenceBuilder tokens, string answer) =>
        tokens.Tokenizer.TokenToId(answer)
        ?? throw new CheckpointException($"The tokenizer has no token \"{answer}\", by which a reranker of this kind answers.");
}
