using System.Globalization;
using Impetus.MenuBar.Menu;
using Impetus.Server.Hosting;

namespace Impetus.MenuBar.App;

/// <summary>A row of a form, as data: whoever draws it decides nothing.</summary>
/// <param name="Id">Stays the same.</param>
/// <param name="Label">In the user's language; VoiceOver says it too.</param>
internal abstract record FormRow(string Id, string Label)
{
    /// <summary>A sentence below; null for none.</summary>
    public string? Help { get; init; }

    internal sealed record Toggle(string Id, string Label, bool On) : FormRow(Id, Label);

    internal sealed record Choice(string Id, string Label, IReadOnlyList<string> Options, int Selected) : FormRow(Id, Label);

    internal sealed record Field(string Id, string Label, string Value) : FormRow(Id, Label);

    internal sealed record Button(string Id, string Label) : FormRow(Id, Label);
}

/// <summary>The preferences as a form. Each row takes effect when it is changed; what needs a new server gets one.</summary>
internal sealed class PreferencesForm(AppParts parts, Func<MenuCommand, Task> perform, Func<Task> restart)
{
    private Strings Strings => parts.Strings;

    /// <summary>The rows as they are now.</summary>
    public IReadOnlyList<FormRow> Rows
    {
        get
        {
            var now = parts.Preferences.Now;
            return
            [
                .. LoginRows(),
                new FormRow.Toggle("start", Strings.StartAtLaunch, now.StartServerAtLaunch),
                new FormRow.Field("port", Strings.Port, now.Port.ToString(CultureInfo.InvariantCulture)) { Help = Strings.PortHelp },
                new FormRow.Choice("mode", Strings.Performance, [.. Enum.GetValues<PerformanceMode>().Select(Strings.ModeName)], (int)now.Mode)
                {
                    Help = Strings.ModeToolTip(now.Mode),
                },
                new FormRow.Toggle("notifications", Strings.ShowNotifications, now.Notifications),
                .. UpdateRows(now),
                new FormRow.Button("v1", Strings.ImportV1) { Help = Strings.ImportV1Help },
            ];
        }
    }

    /// <summary>Changes a row.</summary>
    /// <param name="id">Which.</param>
    /// <param name="value">A <see cref="bool"/>, an option's number, a text, or nothing for a button.</param>
    /// <returns>What is wrong with it, for people, and nothing is changed; null if it is done.</returns>
    public async Task<string?> ApplyAsync(string id, object? value)
    {
        try
        {
            switch (id, value)
            {
                case ("login", bool on) when parts.LoginItem is { } item:
                    item.Set(on);
                    break;
                case ("login.allow", _) when parts.LoginItem is { } item:
                    item.OpenSystemSettings();
                    break;
                case ("start", bool on):
                    Change(now => now with { StartServerAtLaunch = on });
                    break;
                case ("notifications", bool on):
                    Change(now => now with { Notifications = on });
                    break;
                case ("updates", bool on):
                    Change(now => now with { CheckForUpdates = on });
                    break;
                case ("mode", int mode):
                    await perform(new MenuCommand.SetMode((PerformanceMode)mode));
                    break;
                case ("port", string text):
                    await SetPortAsync(text);
                    break;
                case ("v1", _):
                    await perform(new MenuCommand.ImportV1());
                    break;
            }

            return null;
        }
        catch (Exception fault) when (fault is SettingsException or InvalidOperationException)
        {
            return fault.Message;
        }
    }

    private IEnumerable<FormRow> LoginRows()
    {
        if (parts.LoginItem is not { State: not LoginItemState.Unavailable } item)
            yield break;
        bool mustAllow = item.State == LoginItemState.NeedsApproval;
        yield return new FormRow.Toggle("login", Strings.OpenAtLogin, item.State != LoginItemState.Off) { Help = mustAllow ? Strings.AllowAtLogin : null };
        if (mustAllow)
            yield return new FormRow.Button("login.allow", Strings.OpenSystemSettings);
    }

    private IEnumerable<FormRow> UpdateRows(Preferences now)
    {
        if (parts.Updates is not null)
            yield return new FormRow.Toggle("updates", Strings.LookForUpdates, now.CheckForUpdates) { Help = Strings.LookForUpdatesHelp };
    }

    private async Task SetPortAsync(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            throw new SettingsException(Strings.NoPort(text));
        if (port == parts.Preferences.Now.Port)
            return;
        Change(now => now with { Port = port });
        await restart();
    }

    private void Change(Func<Preferences, Preferences> change) => parts.Preferences.Change(change);
}
