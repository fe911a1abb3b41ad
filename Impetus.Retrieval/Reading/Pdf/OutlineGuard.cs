using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>
/// Tells whether the bookmarks of a file are a tree of sane depth (ISO 32000-2, 12.3.3). PdfPig follows them recursively and would never come back
/// from a circle.
/// </summary>
internal static class OutlineGuard
{
    private const int MaxDepth = 60;
    private const int MaxItems = 50_000;

    public static bool IsTree(PdfDocument pdf)
    {
        HashSet<IndirectReference> seen = [];
        Stack<(IndirectReference Item, int Depth)> open = new();
        Push(pdf.Structure.Catalog.CatalogDictionary, "Outlines", 0);
        while (open.TryPop(out (IndirectReference Item, int Depth) next))
        {
            if (!seen.Add(next.Item) || next.Depth > MaxDepth || seen.Count > MaxItems)
                return false;
            if (pdf.Structure.GetObject(next.Item)?.Data is not DictionaryToken item)
                continue;
            Push(item, "First", next.Depth + 1);
            Push(item, "Next", next.Depth);
        }
        return true;

        void Push(DictionaryToken dictionary, string name, int depth)
        {
            if (dictionary.Data.TryGetValue(name, out IToken? token) && token is IndirectReferenceToken reference)
                open.Push((reference.Data, depth));
        }
    }
}
