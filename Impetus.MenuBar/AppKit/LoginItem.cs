using Impetus.MenuBar.App;
using ServiceManagement;

namespace Impetus.MenuBar.AppKit;

/// <summary>The app among the login items of the system.</summary>
internal sealed class LoginItem : ILoginItem
{
    public LoginItemState State => SMAppService.MainApp.Status switch
    {
        SMAppServiceStatus.Enabled => LoginItemState.On,
        SMAppServiceStatus.RequiresApproval => LoginItemState.NeedsApproval,
        SMAppServiceStatus.NotFound => LoginItemState.Unavailable,
        _ => LoginItemState.Off,
    };

    public void Set(bool on)
    {
        if (!(on ? SMAppService.MainApp.Register(out var error) : SMAppService.MainApp.Unregister(out error)))
            throw new InvalidOperationException(error?.LocalizedDescription);
    }

    public void OpenSystemSettings() => SMAppService.OpenSystemSettingsLoginItems();
}
