using Impetus.Retrieval.Indexing;

namespace Impetus.Server.Documents.VectorStores;

/// <summary>A file.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>file</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="ExpiresAt">Always null.</param>
/// <param name="Filename">Its name.</param>
/// <param name="Purpose">As sent.</param>
/// <param name="Status">Always <c>processed</c>; OpenAI's clients ask for it.</param>
/// <param name="StatusDetails">Always null.</param>
internal sealed record FileObject(
    string Id, string Object, long Bytes, long CreatedAt, long? ExpiresAt, string Filename, string Purpose, string Status, string? StatusDetails)
{
    public static FileObject Of(StoredFile f) => new(
        f.Id, "file", f.Bytes, f.Created.ToUnixTimeSeconds(), null, f.Name, f.Purpose, "processed", null);
}

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">In the order that was asked for.</param>
/// <param name="FirstId">Of the first item.</param>
/// <param name="LastId">Of the last item: pass it as <c>after</c>.</param>
/// <param name="HasMore">Whether there is a next page.</param>
internal sealed record FileList(string Object, IReadOnlyList<FileObject> Data, string? FirstId, string? LastId, bool HasMore)
{
    public static FileList Of(Page<StoredFile> page) => new(
        "list", [.. page.Items.Select(FileObject.Of)], page.Items is [var first, ..] ? first.Id : null, page.Items is [.., var last] ? last.Id : null, page.Next is not null);
}
