using Foundation;
using Impetus.MenuBar.App;

namespace Impetus.MenuBar.AppKit;

/// <summary>Security-scoped bookmarks, to read and never to write.</summary>
internal sealed class Bookmarks : IBookmarks
{
    public byte[] Create(string path)
    {
        using var url = NSUrl.FromFilename(path);
        var data = url.CreateBookmarkData(
            NSUrlBookmarkCreationOptions.WithSecurityScope | NSUrlBookmarkCreationOptions.SecurityScopeAllowOnlyReadAccess, null, null, out var error);
        return data?.ToArray() ?? throw new IOException(error?.LocalizedDescription);
    }

    public IBookmarkAccess Open(byte[] bookmark)
    {
        using var data = NSData.FromArray(bookmark);
        var url = NSUrl.FromBookmarkData(data, NSUrlBookmarkResolutionOptions.WithSecurityScope, null, out bool isStale, out var error)
            ?? throw new IOException(error?.LocalizedDescription);
        return url.StartAccessingSecurityScopedResource() ? new Access(url, isStale) : throw new IOException($"macOS does not open {url.Path}.");
    }

    private sealed class Access(NSUrl url, bool isStale) : IBookmarkAccess
    {
        public string Path => url.Path!;

        public bool IsStale => isStale;

        // Each start has its stop, or the kernel's table fills up.
        public void Dispose() => url.StopAccessingSecurityScopedResource();
    }
}
