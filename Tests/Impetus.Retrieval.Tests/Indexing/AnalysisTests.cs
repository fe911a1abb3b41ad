using CsCheck;
using Impetus.Retrieval.Indexing.Analysis;

namespace Impetus.Retrieval.Tests.Indexing;

public sealed class AnalysisTests
{
    /// <summary>The examples of Porter's paper, step by step.</summary>
    [Theory]
    [InlineData("caresses caress ponies poni ties ti cats cat feed feed agreed agre plastered plaster bled bled motoring motor sing sing")]
    [InlineData("conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss fizzed fizz failing fail filing file")]
    [InlineData("happy happi sky sky relational relat conditional condit rational ration valenci valenc digitizer digit radicalli radic")]
    [InlineData("vietnamization vietnam predication predic operator oper feudalism feudal decisiveness decis hopefulness hope callousness callous")]
    [InlineData("formaliti formal sensitiviti sensit sensibiliti sensibl triplicate triplic formative form formalize formal electrical electr goodness good")]
    [InlineData("revival reviv allowance allow inference infer airliner airlin adjustable adjust defensible defens irritant irrit replacement replac")]
    [InlineData("adoption adopt communism commun activate activ effective effect bowdlerize bowdler probate probat rate rate cease ceas controll control roll roll")]
    public void English_words_are_stemmed_as_Porter_published(string pairs)
    {
        foreach (string[] pair in pairs.Split(' ').Chunk(2))
            Assert.Equal([pair[1]], TextAnalyzer.Terms(pair[0], "en"));
    }

    [Theory]
    [InlineData("de", "Häuser hauses", "haus haus")]
    [InlineData("de", "Straße Freiheiten verständlich", "strass freihe versta")]
    [InlineData("es", "universidades 20261124", "univer 20261124")]
    [InlineData("ar", "والكتاب كُتُب المدرسة", "كتاب كتب مدرس")]
    [InlineData("en", "Café naïve ﬁlm Ａ１ 3.5", "cafe naiv film a1 3 5")]
    [InlineData("zh", "黑豹队的 24 次 A股", "黑豹 豹队 队的 24 次 a 股")]
    [InlineData("ko", "한국어 검색", "한국 국어 검색")]
    [InlineData("hi", "हिन्दी", "हिन्दी")]
    public void Each_script_becomes_its_own_terms(string language, string text, string terms) =>
        Assert.Equal(terms.Split(' '), TextAnalyzer.Terms(text, language));

    [Theory]
    [InlineData("en", "What is the name of the river that flows through the town?")]
    [InlineData("de", "Wie heißt der Fluss, der durch die Stadt fließt?")]
    [InlineData("fr", "Quel est le nom de la rivière qui traverse la ville ?")]
    [InlineData("es", "¿Cuál es el nombre del río que pasa por la ciudad?")]
    [InlineData("zh", "流经 NFL 城市的河流叫什么名字？")]
    [InlineData("ja", "この町を流れる川の名前は何ですか")]
    [InlineData("ar", "ما اسم النهر الذي يمر عبر المدينة؟")]
    [InlineData("ru", "Как называется река, протекающая через город?")]
    [InlineData("und", "3.14 + 2.71")]
    public void A_language_is_guessed_from_script_and_small_words(string language, string text) =>
        Assert.Equal(language, LanguageGuess.Of(text));

    [Fact]
    public void Terms_of_any_text_hold_no_separator_and_are_never_empty() =>
        Gen.Select(Gen.String, Gen.OneOf(Gen.Const("en"), Gen.Const("de"), Gen.Const("ar"), Gen.Const("und"))).Sample((text, language) =>
        {
            foreach (string term in TextAnalyzer.Terms(text, language))
            {
                Assert.InRange(term.Length, 1, 64);
                Assert.DoesNotContain(term, c => c == '"' || c == ' ' || char.IsControl(c) || (c < 128 && !char.IsAsciiLetterOrDigit(c)));
            }
        });
}
