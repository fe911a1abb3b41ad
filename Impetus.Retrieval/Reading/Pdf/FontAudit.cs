using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts;
using UglyToad.PdfPig.Tokens;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Tells fonts whose glyphs cannot be traced to characters (ISO 32000-2, 9.10.2): composite fonts that number their glyphs freely, and simple fonts
/// whose glyph names are made up, both without a ToUnicode map. Their text looks like printable nonsense, which no look at the text would find.
/// </summary>
internal sealed class FontAudit(PdfDocument pdf)
{
    private static readonly string[] KnownCollections = ["GB1", "CNS1", "Japan1", "Japan2", "Korea1", "KR"];

    private readonly Dictionary<IndirectReference, bool> _readable = [];

    public bool IsReadable(Letter letter)
    {
        if (letter.FontDetails.FontDictionaryReference is not { } reference)
            return true;
        if (!_readable.TryGetValue(reference, out bool readable))
            _readable[reference] = readable = Resolve(new IndirectReferenceToken(reference)) is not DictionaryToken font || IsReadable(font);
        return readable;
    }

    private bool IsReadable(DictionaryToken font)
    {
        if (Get(font, "ToUnicode") is not null)
            return true;
        if (Get(font, "Subtype") is NameToken { Data: "Type0" })
            return IsReadableComposite(font);
        return Get(font, "Encoding") is not DictionaryToken encoding || Get(encoding, "Differences") is not ArrayToken differences || HasKnownNames(differences);
    }

    // Predefined CMaps name a character collection by themselves; Identity says only that codes are glyph numbers of the descendant's collection.
    private bool IsReadableComposite(DictionaryToken font)
    {
        if (Get(font, "Encoding") is NameToken encoding && encoding.Data is not ("Identity-H" or "Identity-V"))
            return true;
        DictionaryToken? descendant = Get(font, "DescendantFonts") is ArrayToken { Length: > 0 } descendants ? Resolve(descendants[0]) as DictionaryToken : null;
        string? ordering = descendant is not null && Get(descendant, "CIDSystemInfo") is DictionaryToken system
            ? Get(system, "Ordering") switch { StringToken text => text.Data, HexToken text => text.Data, _ => null }
            : null;
        return KnownCollections.Contains(ordering);
    }

    private bool HasKnownNames(ArrayToken differences)
    {
        int known = 0, unknown = 0;
        foreach (IToken token in differences.Data)
        {
            if (Resolve(token) is not NameToken { Data: not ".notdef" and var name })
                continue;
            if (GlyphList.AdobeGlyphList.NameToUnicode(name) is not null || GlyphList.ZapfDingbats.NameToUnicode(name) is not null)
                known++;
            else
                unknown++;
        }
        return unknown <= known;
    }

    private IToken? Get(DictionaryToken dictionary, string name) => dictionary.Data.TryGetValue(name, out IToken? token) ? Resolve(token) : null;

    private IToken? Resolve(IToken token)
    {
        for (int hops = 0; hops < 10; hops++)
        {
            if (token is IndirectReferenceToken reference)
                token = pdf.Structure.GetObject(reference.Data)?.Data ?? NullToken.Instance;
            else
                return token is NullToken ? null : token;
        }
        return null;
    }
}
