namespace Impetus.MenuBar.App;

/// <summary>Whether the app is opened when the user logs in, as the system keeps it.</summary>
internal enum LoginItemState
{
    Off,
    On,

    /// <summary>The user must allow it in System Settings.</summary>
    NeedsApproval,

    /// <summary>The system knows nothing of this app, which does not lie where apps belong.</summary>
    Unavailable,
}

/// <summary>The app among the login items. It is the system that remembers, so that there is no preference of ours to disagree with it.</summary>
internal interface ILoginItem
{
    LoginItemState State { get; }

    /// <summary>Asks the system for it.</summary>
    /// <exception cref="InvalidOperationException">The system refuses; the message says why.</exception>
    void Set(bool on);

    /// <summary>Opens the place in System Settings where it is allowed.</summary>
    void OpenSystemSettings();
}
