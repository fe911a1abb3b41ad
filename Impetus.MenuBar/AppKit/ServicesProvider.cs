using AppKit;
using Foundation;
using Impetus.MenuBar.App;

namespace Impetus.MenuBar.AppKit;

/// <summary>Answers the Services menu of other programs: <c>NSServices</c> in Info.plist names the message.</summary>
internal sealed class ServicesProvider(AppController controller) : NSObject
{
    /// <summary><em>Add to Impetus</em>, for selected text and files.</summary>
    [Export("addToLibrary:userData:error:")]
    public void AddToLibrary(NSPasteboard pasteboard, NSString? userData, out NSString? error)
    {
        MainThread.Assert();
        var refusals = controller.Drop(PasteboardItems.Read(pasteboard));
        error = refusals.Count > 0 ? new NSString(string.Join('\n', refusals)) : null;
    }
}
