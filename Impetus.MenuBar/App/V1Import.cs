using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>Takes over what the first Impetus left in a folder, and says what came of it.</summary>
/// <param name="parts">Of the app.</param>
/// <param name="notifier">Says it.</param>
/// <param name="add">Adds documents to the library, and says which are refused.</param>
internal sealed class V1Import(AppParts parts, Notifier notifier, Func<IEnumerable<IngestionItem>, IReadOnlyList<string>> add)
{
    /// <summary>Copies models, adds documents and takes the mode over.</summary>
    public async Task RunAsync(string folder, Func<PerformanceMode, Task> setMode)
    {
        notifier.Forget("v1");
        try
        {
            var found = await Task.Run(() => V1Data.Find(folder));
            if (found.IsEmpty)
            {
                notifier.Say("v1", parts.Strings.ImportedNothing, folder);
                return;
            }

            int models = await Task.Run(() => found.CopyModelsAsync(parts.Data, CancellationToken.None));
            var documents = found.Chroma is { } chroma ? await Task.Run(() => V1Documents.Read(chroma)) : [];
            add(documents);
            if (found.Mode is { } mode)
                await setMode(mode);
            notifier.Say("v1", parts.Strings.Imported(models, documents.Count), found.Unusable.Count > 0 ? parts.Strings.Unusable(found.Unusable) : "");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            notifier.Say("v1", parts.Strings.ImportedNothing, fault.Message);
        }
    }
}
