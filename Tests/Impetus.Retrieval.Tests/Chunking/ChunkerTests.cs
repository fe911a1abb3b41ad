using CsCheck;
using Impetus.Retrieval.Chunking;

namespace Impetus.Retrieval.Tests.Chunking;

public sealed class ChunkerTests
{
    private static readonly PieceCounter Tokens = new();

    [Fact]
    public void Chunks_of_any_text_keep_every_visible_character_within_both_limits_and_cut_no_surrogate_pair()
    {
        var piece = Gen.OneOf(
            Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.Const(" "), Gen.Const(" "), Gen.Const(". "), Gen.Const("\n"), Gen.Const("\n\n"),
            Gen.Const("😀"), Gen.Const("漢字。"), Gen.Const("e\u0301"), Gen.Const("? \""), Gen.Const("\t"), Gen.Const("Dr. "), Gen.Const("\u0000"));
        var text = Gen.OneOf(piece.Array[0, 400].Select(string.Concat), Gen.String[Gen.Char, 0, 600]);
        var options = Gen.Select(Gen.Int[64, 300], Gen.Int[0, 32], Gen.Int[8, 60])
            .Select((target, overlap, tokens) => new ChunkingOptions { TargetLength = target, Overlap = overlap, MaxTokens = tokens });
        Gen.Select(text, options, Gen.Int[0, 3], Gen.Int[0, 1 << 20]).Sample((t, o, count, seed) => Check(Mark(t, count, seed), o));
    }

    private static ChunkSource Mark(string text, int count, int seed)
    {
        var random = new Random(seed);
        int[] places = [.. Enumerable.Range(0, count * 2).Select(_ => random.Next(text.Length + 1)).Order()];
        return new ChunkSource(text)
        {
            Headings = [.. places.Distinct().Where(p => p < text.Length).Select((p, i) => new Heading(1 + random.Next(7), $"h{i}", p))],
            Blocks = [.. places.Chunk(2).Select(pair => new TextRange(pair[0], pair[1])).Where(block => block.Start < block.End)],
        };
    }

    private static void Check(ChunkSource source, ChunkingOptions options)
    {
        string text = source.Text;
        int covered = 0;
        foreach (var chunk in new Chunker(Tokens, options).Chunk(source))
        {
            Assert.InRange(chunk.Start, 0, chunk.End - 1);
            Assert.True(covered >= chunk.Start || string.IsNullOrWhiteSpace(text[covered..chunk.Start]), "a gap that is not white space");
            Assert.True(chunk.End > covered, "a chunk without anything new");
            Assert.False(IsInsidePair(text, chunk.Start) || IsInsidePair(text, chunk.End));
            Assert.Equal(Tokens.Count(text.AsSpan(chunk.Start, chunk.End - chunk.Start)), chunk.Tokens);
            Assert.InRange(chunk.Tokens, 0, options.MaxTokens);
            covered = chunk.End;
        }
        Assert.True(string.IsNullOrWhiteSpace(text[covered..]));
    }

    private static bool IsInsidePair(string text, int position) =>
        position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]);

    [Fact]
    public void Paragraphs_are_joined_up_to_the_target_and_no_further()
    {
        string text = string.Join("\n\n", Enumerable.Range(0, 6).Select(i => $"Paragraph {i} " + new string('x', 80) + "."));
        Assert.Equal(["Paragraph 0", "Paragraph 2", "Paragraph 4"], Texts(new(text), Options(200)).Select(chunk => chunk[..11]));
    }

    [Fact]
    public void A_long_paragraph_is_cut_between_sentences_and_never_after_an_abbreviation()
    {
        string text = "Dr. Smith saw 3.5 km of e.g. fog on the coast of J. Doe and Sons. It was late in the year when he did. Was it? \"Yes.\" They left then.";
        string[] chunks = Texts(new(text), Options(64));
        Assert.Equal(
            ["Dr. Smith saw 3.5 km of e.g. fog on the coast of J. Doe and", "Sons.", "It was late in the year when he did. Was it? \"Yes.\"", "They left then."],
            chunks);
    }

    [Fact]
    public void Chinese_sentences_end_without_white_space()
    {
        string text = string.Concat(Enumerable.Repeat("黑豹队的防守只丢了三百分。", 12));
        Assert.All(Texts(new(text), Options(64)), chunk => Assert.EndsWith("。", chunk));
    }

    [Fact]
    public void A_chunk_carries_its_heading_path_and_does_not_reach_into_the_next_section()
    {
        const string Text = "Guide\n\nIntro words that are long enough to stand alone in one chunk of text, surely.\n\nSetup\n\nInstall it first, then read on; this is the setup section and it is long.";
        var source = new ChunkSource(Text) { Headings = [new(1, "Guide", 0), new(2, "Setup", Text.IndexOf("Setup", StringComparison.Ordinal))] };
        var chunks = new Chunker(Tokens, Options(100)).Chunk(source);
        Assert.Equal(["Guide", "Guide > Setup"], chunks.Select(chunk => string.Join(" > ", chunk.HeadingPath)));
        Assert.StartsWith("Setup", Text[chunks[1].Start..chunks[1].End], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_chapter_title_is_joined_with_what_follows()
    {
        const string Text = "Chapter 1\n\n1.1 Begin\n\nThe story begins here with a sentence that is long enough to fill the chunk, or nearly so.";
        var source = new ChunkSource(Text) { Headings = [new(1, "Chapter 1", 0), new(2, "1.1 Begin", 11)] };
        var chunk = Assert.Single(new Chunker(Tokens, Options(300)).Chunk(source));
        Assert.Equal(["Chapter 1", "1.1 Begin"], chunk.HeadingPath);
    }

    [Fact]
    public void Code_is_kept_whole_beyond_the_target_where_the_token_limit_allows()
    {
        string code = "int main() {\n\n" + new string(' ', 90) + "return 0;\n\n}";
        string text = "Before the code there is a sentence.\n\n" + code + "\n\nAfter the code there is another one, too.";
        int start = text.IndexOf("int main", StringComparison.Ordinal);
        var source = new ChunkSource(text) { Blocks = [new(start, start + code.Length)] };
        Assert.Contains(code, Texts(source, Options(80)));
    }

    [Fact]
    public void A_chunk_repeats_the_last_short_sentences_of_the_one_before()
    {
        string text = "The first sentence is the long one of this paragraph. Short end. " + "The second long sentence needs a chunk of its own to fit.";
        string[] chunks = Texts(new(text), Options(70) with { Overlap = 20 });
        Assert.Equal("Short end. The second long sentence needs a chunk of its own to fit.", chunks[1]);
    }

    [Fact]
    public void Pages_are_those_on_which_the_chunk_begins_and_ends()
    {
        var source = new ChunkSource("One two three.\nfour five six.") { Pages = [new(1, 0, 14), new(2, 15, 29)] };
        var chunk = Assert.Single(new Chunker(Tokens, Options(64)).Chunk(source));
        Assert.Equal((1, 2), (chunk.FirstPage, chunk.LastPage));
    }

    [Fact]
    public void Code_points_and_code_units_convert_into_each_other()
    {
        Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char['\uD800', '\uDFFF']), 0, 40].Sample(text =>
        {
            Assert.Equal(text.EnumerateRunes().Count(), CodePoints.Count(text));
            Assert.Equal(text.Length, CodePoints.ToUtf16(text, CodePoints.Count(text)));
        });
        Assert.Equal(3, CodePoints.ToUtf16("a😀b", 2));
    }

    private static ChunkingOptions Options(int target) => new() { TargetLength = target, Overlap = 0, MaxTokens = 1_000 };

    private static string[] Texts(ChunkSource source, ChunkingOptions options) =>
        [.. new Chunker(Tokens, options).Chunk(source).Select(chunk => source.Text[chunk.Start..chunk.End])];
}
