using System.Text.RegularExpressions;

namespace Impetus.Retrieval.Reading.Pdf;

/// <summary>The signs by which list items and notes begin.</summary>
internal static partial class ListMarkers
{
    public static bool Starts(string text) => Marker().IsMatch(text);

    public static bool StartsNote(PageRow row) => row.Fragments[0].StartsRaised || NoteMarker().IsMatch(row.Text);

    [GeneratedRegex(@"^([•●○◦▪■□‣⁃–—*·✓➢-]\s|\(?([0-9]{1,3}|[a-z]|[ivx]{1,5})[.)]\s)", RegexOptions.IgnoreCase)]
    private static partial Regex Marker();

    [GeneratedRegex(@"^([*†‡§¶]|\[?[0-9]{1,3}[\].)]?\s?(?=\p{L}))")]
    private static partial Regex NoteMarker();
}
