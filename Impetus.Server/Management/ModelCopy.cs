using Impetus.Engine;
using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Observability;

namespace Impetus.Server.Management;

/// <summary>
/// Copies a model's folder into the data directory. It appears there whole, by rename, or not at all. One at a time.
/// </summary>
internal sealed class ModelCopy(ServerSettings settings, IVolumes volumes, EventFeed feed) : IDisposable
{
    private const string Incoming = ".incoming-";
    private const int BufferBytes = 4 << 20, MaxDepth = 8;
    private const long Told = 64 << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Copies a folder, links followed, hidden files left out.</summary>
    /// <param name="folder">From where.</param>
    /// <param name="id">To which model of the data directory, which must not be there.</param>
    /// <param name="cancel">Stops; nothing stays behind.</param>
    /// <returns>The new folder.</returns>
    /// <exception cref="ApiException">There is not enough room, or a file cannot be read or written (507).</exception>
    public async Task<string> CopyAsync(string folder, string id, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            settings.Data.Ensure(settings.Data.Models);
            // What is there now was left by a process that ended in the middle.
            foreach (string left in Directory.GetDirectories(settings.Data.Models, Incoming + "*"))
                Directory.Delete(left, recursive: true);
            string incoming = Path.Combine(settings.Data.Models, Incoming + Guid.NewGuid().ToString("n"));
            try
            {
                await FillAsync(folder, incoming, id, cancel);
                string target = Path.Combine(settings.Data.Models, id);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                Directory.Move(incoming, target);
                return target;
            }
            catch
            {
                if (Directory.Exists(incoming))
                    Directory.Delete(incoming, recursive: true);
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(StatusCodes.Status507InsufficientStorage, $"{folder} cannot be copied: {fault.Message}", "copy_failed", "path");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task FillAsync(string folder, string incoming, string id, CancellationToken cancel)
    {
        var files = Files(folder, MaxDepth).ToList();
        long total = files.Sum(LengthOf), done = 0, told = -Told;
        if (volumes.FreeBytes(settings.Data.Models) is { } free && free < total)
        {
            throw new ApiException(
                StatusCodes.Status507InsufficientStorage,
                $"{id} has {ByteCount.Text(total)}, and {ByteCount.Text(free)} are free where {settings.Data.Models} is. Make room, or add it without a copy.",
                "disk_full",
                "path");
        }

        foreach (string file in files)
        {
            string target = Path.Combine(incoming, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            await using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
            byte[] buffer = new byte[(int)Math.Clamp(from.Length, 1, BufferBytes)];
            while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
                done += read;
                if (done - told < Told && done < total)
                    continue;
                told = done;
                feed.Publish(new ModelEvent(id, "copying", done, total));
            }

            to.Flush(flushToDisk: true);
        }
    }

    private static IEnumerable<string> Files(string folder, int depth)
    {
        var visible = new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden };
        var inside = Directory.GetFiles(folder, "*", visible);
        // A link to a folder can lead in a circle.
        return depth == 0 ? inside : inside.Concat(new DirectoryInfo(folder).GetDirectories("*", visible)
            .Where(sub => sub.LinkTarget is null).SelectMany(sub => Files(sub.FullName, depth - 1)));
    }

    private static long LengthOf(string file) => (File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo ?? new FileInfo(file)).Length;
}
