using Impetus.Retrieval.Reading;

namespace Impetus.MenuBar.App;

/// <summary>Something that was dropped, opened or pasted to be added to the library: one of the records below.</summary>
internal abstract record IngestionItem
{
    private IngestionItem()
    {
    }

    /// <summary>What people call it.</summary>
    public abstract string Title { get; }

    /// <summary>A text that was dropped or pasted: the address of a page means the page.</summary>
    public static IngestionItem FromPasted(string text)
    {
        string trimmed = text.Trim();
        return !trimmed.Any(char.IsWhiteSpace) && Uri.TryCreate(trimmed, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            ? new FromWeb(page)
            : new FromText(text);
    }

    /// <summary>A file, or a folder with all files in it.</summary>
    internal sealed record FromDisk(string Path) : IngestionItem
    {
        public override string Title => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));
    }

    /// <summary>A page of the web.</summary>
    internal sealed record FromWeb(Uri Address) : IngestionItem
    {
        public override string Title => Address.Host + Address.AbsolutePath;
    }

    /// <summary>A text.</summary>
    internal sealed record FromText(string Text) : IngestionItem
    {
        private const int TitleLength = 40;

        /// <summary>What it was called before; null takes its first line.</summary>
        public string? Name { get; init; }

        public override string Title
        {
            get
            {
                if (Name is { Length: > 0 })
                    return Name;
                string line = Text.AsSpan().Trim().ToString().Split('\n', 2)[0].Trim();
                return line.Length <= TitleLength ? line : line[..TitleLength].TrimEnd() + "…";
            }
        }
    }
}

/// <summary>Tells at once what will never be read, so that nobody waits for it. What decides otherwise is the content, later.</summary>
internal static class DropCheck
{
    private static readonly HashSet<string> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".gif", ".heic", ".tiff", ".webp", ".psd", ".icns",
        ".mp3", ".m4a", ".wav", ".aiff", ".flac", ".mp4", ".mov", ".avi", ".mkv",
        ".zip", ".gz", ".tar", ".7z", ".rar", ".dmg", ".pkg", ".iso",
        ".app", ".exe", ".dll", ".dylib", ".so", ".safetensors", ".gguf",
    };

    /// <summary>Why an item is refused; null if it is worth a try.</summary>
    public static string? Refusal(IngestionItem item) => item switch
    {
        IngestionItem.FromDisk { Path: var path } when Foreign.Contains(Path.GetExtension(path)) && DocumentKinds.FromName(path) is null =>
            $"{item.Title}: documents of the kind {Path.GetExtension(path)} cannot be read.",
        IngestionItem.FromWeb { Address: var address } when address.Scheme is not ("http" or "https") =>
            $"{address}: only pages of the web can be added.",
        IngestionItem.FromText { Text: var text } when string.IsNullOrWhiteSpace(text) => "The text is empty.",
        _ => null,
    };
}
