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

    void ShowPreferences();

    void ShowWelcome();

    void ShowAbout();

    /// <summary>Ends the app, after <see cref="AppController.DisposeAsync"/>.</summary>
    void Quit();
}
