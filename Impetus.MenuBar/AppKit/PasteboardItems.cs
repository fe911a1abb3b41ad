using AppKit;
using Foundation;
using Impetus.MenuBar.App;
using ObjCRuntime;

namespace Impetus.MenuBar.AppKit;

/// <summary>Reads what lies on a pasteboard: files and folders, promised files, addresses, text.</summary>
internal static class PasteboardItems
{
    /// <summary>All types that can be read.</summary>
    public static string[] Types =>
    [
        NSPasteboardType.FileUrl.GetConstant()!,
        NSPasteboardType.Url.GetConstant()!,
        NSPasteboardType.String.GetConstant()!,
        .. NSFilePromiseReceiver.ReadableDraggedTypes,
    ];

    public static bool HasPromises(NSPasteboard pasteboard) => Promises(pasteboard).Length > 0;

    /// <summary>What is there now. Addresses of files and of pages are told apart here; what a text is, the app decides.</summary>
    public static IReadOnlyList<IngestionItem> Read(NSPasteboard pasteboard)
    {
        if (HasPromises(pasteboard))
            return [];
        var urls = pasteboard.ReadObjectsForClasses([new Class(typeof(NSUrl))], null)?.OfType<NSUrl>().ToList() ?? [];
        if (urls.Count > 0)
            return [.. urls.Select(url => url.IsFileUrl ? new IngestionItem.FromDisk(url.FilePathUrl!.Path!) : IngestionItem.FromPasted(url.AbsoluteString!))];
        return pasteboard.GetStringForType(NSPasteboardType.String.GetConstant()!) is { } text ? [IngestionItem.FromPasted(text)] : [];
    }

    /// <summary>Has promised files written into a folder of their own; each is told when it is there.</summary>
    public static void ReceivePromises(NSPasteboard pasteboard, Action<IngestionItem> received)
    {
        foreach (var promise in Promises(pasteboard))
        {
            string folder = Directory.CreateTempSubdirectory("impetus-promise-").FullName;
            promise.ReceivePromisedFiles(NSUrl.CreateFileUrl(folder, isDir: true, null), new NSDictionary(), NSOperationQueue.MainQueue, (url, error) => MainThread.Guard(() =>
            {
                if (error is null)
                    received(new IngestionItem.FromDisk(url.Path!));
            }));
        }
    }

    private static NSFilePromiseReceiver[] Promises(NSPasteboard pasteboard) =>
        pasteboard.ReadObjectsForClasses([new Class(typeof(NSFilePromiseReceiver))], null)?.OfType<NSFilePromiseReceiver>().ToArray() ?? [];
}
