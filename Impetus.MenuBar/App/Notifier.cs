using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>Shows notifications.</summary>
internal interface INotifications
{
    /// <summary>Shows one. A later one with the same id takes its place.</summary>
    void Show(Notification notification);
}

/// <param name="Id">What it is about.</param>
/// <param name="Title">A few words.</param>
/// <param name="Body">More words, or none.</param>
internal sealed record Notification(string Id, string Title, string Body)
{
    /// <summary>What can be done about it, as buttons.</summary>
    public IReadOnlyList<NotificationAction> Actions { get; init; } = [];

    public bool Equals(Notification? other) =>
        other is not null && (Id, Title, Body) == (other.Id, other.Title, other.Body) && Actions.SequenceEqual(other.Actions);

    public override int GetHashCode() => HashCode.Combine(Id, Title, Body);
}

/// <param name="Title">On the button.</param>
/// <param name="Command">What it does.</param>
internal sealed record NotificationAction(string Title, MenuCommand Command);

/// <summary>
/// Says what happened: never the same thing twice in a row, and many documents in one sentence. Thread safe.
/// </summary>
internal sealed class Notifier : IDisposable
{
    /// <summary>How long documents are gathered before they are said together.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly INotifications _notifications;
    private readonly Strings _strings;
    private readonly Func<bool> _wanted;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Notification> _shown = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];
    private int _added;

    /// <param name="notifications">Where they are shown.</param>
    /// <param name="strings">In which language.</param>
    /// <param name="wanted">Whether the user wants any.</param>
    /// <param name="time">Measures the window.</param>
    public Notifier(INotifications notifications, Strings strings, Func<bool> wanted, TimeProvider time)
    {
        (_notifications, _strings, _wanted) = (notifications, strings, wanted);
        _timer = time.CreateTimer(_ => SayDocuments(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Says it, unless it was the last thing said under this id.</summary>
    public void Say(string id, string title, string body = "", params IReadOnlyList<NotificationAction> actions)
    {
        var notification = new Notification(id, title, body) { Actions = actions };
        lock (_lock)
        {
            if (_shown.GetValueOrDefault(id) == notification)
                return;
            _shown[id] = notification;
        }

        if (_wanted())
            _notifications.Show(notification);
    }

    /// <summary>Lets a thing be said again: it is over.</summary>
    public void Forget(string id)
    {
        lock (_lock)
            _shown.Remove(id);
    }

    /// <summary>Documents were added; they are said together with others.</summary>
    public void DocumentsAdded(int count)
    {
        if (count == 0)
            return;
        lock (_lock)
        {
            _added += count;
            _timer.Change(Window, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A document could not be added; it is said together with others.</summary>
    /// <param name="reason">Names the document and the fault.</param>
    public void DocumentFailed(string reason)
    {
        lock (_lock)
        {
            _failures.Add(reason);
            _timer.Change(Window, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void SayDocuments()
    {
        const int mostReasons = 3;
        int added;
        List<string> failures;
        lock (_lock)
        {
            (added, failures) = (_added, [.. _failures]);
            _added = 0;
            _failures.Clear();
        }

        if (!_wanted())
            return;
        if (added > 0)
            _notifications.Show(new("documents.added", _strings.Added(added), ""));
        if (failures.Count > 0)
            _notifications.Show(new("documents.failed", _strings.NotAdded(failures.Count), string.Join('\n', failures.Take(mostReasons))));
    }
}
