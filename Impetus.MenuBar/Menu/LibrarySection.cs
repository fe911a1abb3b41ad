using static Impetus.MenuBar.Menu.MenuCommand;

namespace Impetus.MenuBar.Menu;

/// <summary>The documents: add some, see how far they are, find the last ones again.</summary>
internal static class LibrarySection
{
    private const int MostRecent = 5;

    public static IEnumerable<MenuEntry> Build(AppState state, Strings strings)
    {
        if (state.Library is not { } library)
            yield break;
        yield return new MenuItem("library", library.Ingestion is { } running ? $"{strings.Library}: {strings.Ingesting(running)}" : strings.Library)
        {
            Symbol = "books.vertical",
            Children =
            [
                new MenuItem("library.add", strings.AddDocuments) { Key = 'o', Command = new AddDocuments() },
                .. Ingestion(library, strings),
                new MenuItem("library.folder", strings.OpenLibraryFolder) { Command = new OpenLibraryFolder() },
                .. Watched(library, strings),
                .. Recent(library, strings),
            ],
        };
    }

    private static IEnumerable<MenuEntry> Ingestion(LibraryState library, Strings strings)
    {
        if (library.Ingestion is null)
            yield break;
        yield return new MenuItem("library.cancel", strings.CancelIngestion) { Command = new CancelIngestion() };
    }

    private static IEnumerable<MenuEntry> Watched(LibraryState library, Strings strings)
    {
        if (library.Watched.Count == 0)
            yield break;
        yield return new MenuSeparator();
        yield return new MenuItem("library.watched", strings.WatchedFolders);
        foreach (var folder in library.Watched)
        {
            yield return new MenuItem($"library.watched.{folder.Path}", Path.GetFileName(folder.Path))
            {
                Symbol = folder.Fault is null ? "folder" : "exclamationmark.triangle",
                ToolTip = folder.Fault ?? folder.Path,
                Children =
                [
                    new MenuItem($"library.watched.show.{folder.Path}", strings.ShowInFinder) { ToolTip = folder.Path, Command = new RevealDocument(folder.Path) },
                    new MenuItem($"library.watched.forget.{folder.Path}", strings.ForgetFolder)
                    {
                        ToolTip = strings.ForgetFolderToolTip,
                        Command = new ForgetFolder(folder.Path),
                    },
                ],
            };
        }
    }

    private static IEnumerable<MenuEntry> Recent(LibraryState library, Strings strings)
    {
        if (library.Recent.Count == 0)
            yield break;
        yield return new MenuSeparator();
        yield return new MenuItem("library.recent", strings.Recent);
        foreach (var document in library.Recent.Take(MostRecent))
        {
            yield return new MenuItem($"library.recent.{document.Path}", document.Title)
            {
                ToolTip = document.Path,
                Command = new RevealDocument(document.Path),
            };
        }
    }
}
