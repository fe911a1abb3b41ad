using AppKit;
using Foundation;
using Impetus.MenuBar.App;
using UserNotifications;

namespace Impetus.MenuBar.AppKit;

/// <summary>Shows notifications with their buttons. Outside of an app there is no centre for them, and nothing is shown.</summary>
internal sealed class UserNotifications : UNUserNotificationCenterDelegate, INotifications
{
    private readonly Dictionary<string, Notification> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UNNotificationCategory> _categories = new(StringComparer.Ordinal);
    private readonly UNUserNotificationCenter? _center;

    public UserNotifications()
    {
        // The centre raises an Objective-C exception in a process without a bundle.
        if (!NSBundle.MainBundle.BundlePath.EndsWith(".app", StringComparison.Ordinal))
            return;
        _center = UNUserNotificationCenter.Current;
        _center.Delegate = this;
        _center.RequestAuthorization(UNAuthorizationOptions.Alert, (_, _) => { });
    }

    /// <summary>Who carries the buttons out.</summary>
    public AppController? Controller { get; set; }

    public void Show(Notification notification) => MainThread.Post(() =>
    {
        if (_center is null)
            return;
        _shown[notification.Id] = notification;
        using var content = new UNMutableNotificationContent
        {
            Title = notification.Title,
            Body = notification.Body,
            CategoryIdentifier = Category(notification),
        };
        _center.AddNotificationRequest(UNNotificationRequest.FromIdentifier(notification.Id, content, null), null);
    });

    public override void WillPresentNotification(
        UNUserNotificationCenter center, UNNotification notification, Action<UNNotificationPresentationOptions> completionHandler) =>
        completionHandler(UNNotificationPresentationOptions.Banner | UNNotificationPresentationOptions.List);

    public override void DidReceiveNotificationResponse(
        UNUserNotificationCenter center, UNNotificationResponse response, Action completionHandler)
    {
        string id = response.Notification.Request.Identifier, action = response.ActionIdentifier;
        MainThread.Post(() =>
        {
            // A button is called by its number.
            if (_shown.TryGetValue(id, out var notification) && int.TryParse(action, out int number) && number < notification.Actions.Count)
                MainThread.Follow(Controller!.PerformAsync(notification.Actions[number].Command));
        });
        completionHandler();
    }

    // The system wants to know the sets of buttons beforehand.
    private string Category(Notification notification)
    {
        string name = string.Join('|', notification.Actions.Select(action => action.Title));
        if (_categories.TryAdd(name, UNNotificationCategory.FromIdentifier(
            name,
            [.. notification.Actions.Select((action, number) => UNNotificationAction.FromIdentifier($"{number}", action.Title, UNNotificationActionOptions.Foreground))],
            [],
            UNNotificationCategoryOptions.None)))
            _center!.SetNotificationCategories(new NSSet<UNNotificationCategory>(_categories.Values.ToArray()));
        return name;
    }
}
