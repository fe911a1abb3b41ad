namespace Impetus.MenuBar.App;

/// <summary>What the app asks of the desktop. Called on any thread; who implements it goes to the main one.</summary>
internal interface IPlatform
{
    /// <summary>Puts a text on the pasteboard.</summary>
    void Copy(string text);

    /// <summary>Opens a page in the browser.</summary>
    void Open(Uri page);

    /// <summary>Shows a file or folder in the Finder.</summary>
    void Reveal(string path);

    /// <summary>Asks for documents; empty if the user thinks better of it.</summary>
    Task<IReadOnlyList<string>> ChooseDocumentsAsync();

    /// <summary>Asks for a folder; null if the user thinks better of it.</summary>
    /// <param name="message">What it is for.</param>
    Task<string?> ChooseFolderAsync(string message);

    /// <summary>Asks before something is done; the answer that changes nothing is the easier one.</summary>
    Task<bool> ConfirmAsync(Confirmation confirmation);

    void ShowPreferences();

    void ShowWelcome();

    void ShowAbout();

    /// <summary>Shows the window for questions.</summary>
    /// <param name="question">Stands in its field, not asked yet; empty for none.</param>
    void ShowAsk(string question);

    /// <summary>Keeps the system from putting the app to rest while it works; the Mac may still sleep.</summary>
    void KeepWorking(bool working);

    /// <summary>Ends the app, after <see cref="AppController.DisposeAsync"/>.</summary>
    void Quit();
}

/// <param name="Title">The question.</param>
/// <param name="Text">What would be done, whole: nothing is cut that decides.</param>
/// <param name="Yes">On the button that does it.</param>
/// <param name="No">On the button that does not.</param>
internal sealed record Confirmation(string Title, string Text, string Yes, string No);
