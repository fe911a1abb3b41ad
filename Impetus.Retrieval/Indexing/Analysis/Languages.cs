using System.Collections.Frozen;

namespace Impetus.Retrieval.Indexing.Analysis;

/// <summary>
/// Small words by which a language is recognised and that a question does without. English has the words of questions too; the others
/// need only their commonest ones.
/// </summary>
internal static class Languages
{
    /// <summary>ISO 639-2's code for a language that was not determined.</summary>
    public const string Undetermined = "und";

    public const string English = "en";

    private static readonly FrozenDictionary<string, FrozenSet<string>> SmallWords = new Dictionary<string, string>
    {
        [English] =
            "a about above after again all also am an and any are as at be because been before being between both but by can could did do does "
            + "doing done during each few for from further had has have having he her here hers him his how i if in into is it its itself just "
            + "many me more most much my no nor not of off on once only or other our ours out over own same she should so some such than that "
            + "the their theirs them then there these they this those through to too under until up very was we were what when where which "
            + "while who whom whose why will with would you your yours name tell give",
        ["de"] =
            "aber als am an auch auf aus bei bis da das dass dem den der des die dies diese dieser dieses doch durch ein eine einem einen einer "
            + "eines er es fur haben hat hatte hatten ich ihr ihre im in ist kann konnte man mit nach nicht noch nur ob oder sein seine sich sie "
            + "sind so uber um und uns unter vom von vor war waren warum was welche welchem welchen welcher welches wem wen wenn wer werden wie "
            + "wieviel wir wird wo woher wohin wurde wurden zu zum zur",
        ["fr"] =
            "au aux avec ce ces cette dans de des du elle en est et etaient etait il ils je la le les leur lui mais ne nous on ont ou par pas "
            + "plus pour qu quand que quel quelle quelles quels qui sa se ses son sont sur un une vous combien comment pourquoi",
        ["es"] =
            "al como con cual cuales cuando cuanto cuantos de del donde el ella en entre era es esta este fue ha han hay la las lo los mas no "
            + "o para pero por porque que quien quienes se ser si sin sobre son su sus un una y",
        ["it"] =
            "al alla anche che chi come con cosa da dal dalla dei del della delle di dove e era gli ha i il in la le lo ma nel nella non o per "
            + "perche piu quale quali quando quanto quanti si sono su sua suo un una",
        ["pt"] =
            "ao aos as com como da das de do dos e ela ele em entre era foi ha mais mas na nas nao no nos o onde os ou para pela pelo por "
            + "porque qual quais quando quanto quantos que quem se sao sua seu um uma",
        ["nl"] =
            "aan als bij dan dat de die dit door een en er had heeft het hij hoe hoeveel in is maar met naar niet of om ook op te tot uit van "
            + "voor waar waarom wanneer was wat welke werd wie wordt zijn",
        ["ro"] =
            "a al ale au care cat cate cati ce cei cel cine cu cum de decat din dintre este fost in la mai nu o pe pentru prin sa sau si sunt un "
            + "una unde unei unui",
        ["tr"] =
            "ama ancak bir bu cok daha de da gibi hangi icin ile kac kadar kim mi mu nasil ne neden nedir nerede olan olarak oldu sonra su ve veya",
        ["pl"] =
            "ale czy do gdzie i ich ile jak jaki jakie jest kiedy kto ktora ktore ktory na nie od oraz po pod przez sie sa to w we z za ze",
        ["sv"] =
            "att av de den det eller en ett for fran har hur i inte med men nar och om pa som till under vad var vem vid vilka vilken",
        ["vi"] =
            "ai bao bang boi cac cho co cua da dau den do duoc gi hay khi khong la luc mot nao nay nhieu nhu nhung o ra sao tai the thi trong tu va ve voi",
    }.ToFrozenDictionary(
        pair => pair.Key,
        pair => pair.Value.Split(' ').ToFrozenSet(StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>Whether the language is one of those in Latin script that are told apart.</summary>
    public static bool IsLatin(string language) => SmallWords.ContainsKey(language);

    /// <summary>Whether the folded word is a small word of the language.</summary>
    public static bool IsSmallWord(string language, ReadOnlySpan<char> word) =>
        SmallWords.TryGetValue(language, out var words) && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>The language of Latin script with the most small words among <paramref name="words"/>; English where there are none.</summary>
    public static string OfLatinWords(IReadOnlyCollection<string> words)
    {
        string best = English;
        int most = words.Count(word => IsSmallWord(English, word));
        foreach (string language in SmallWords.Keys.Order(StringComparer.Ordinal))
        {
            int count = words.Count(word => IsSmallWord(language, word));
            if (count > most)
                (best, most) = (language, count);
        }
        return best;
    }
}
