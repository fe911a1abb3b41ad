using Impetus.MenuBar.Menu;
using Impetus.Server.Management;

namespace Impetus.MenuBar.App;

/// <summary>Says what becomes of the server and its models, and offers what helps.</summary>
internal sealed class Announcer(Notifier notifier, Strings strings)
{
    private string? _ready;

    /// <summary>The server is somewhere else in its life.</summary>
    public void Tell(ServerState state)
    {
        switch (state)
        {
            case ServerState.Starting:
                _ready = null;
                foreach (string id in (string[])["server", "model", "cut-off"])
                    notifier.Forget(id);
                break;
            case ServerState.Failed { Fault: var fault }:
                notifier.Say("server", fault.Title, fault.Detail, [.. fault.Remedies.Select(Action)]);
                break;
        }
    }

    /// <summary>The chosen model does something else. That it is ready is said once, not whenever a request loads it again.</summary>
    public void Tell(string id, ModelActivity activity)
    {
        switch (activity)
        {
            case ModelActivity.Ready when _ready != id:
                _ready = id;
                notifier.Say("server", strings.ReadyTitle(id));
                break;
            case ModelActivity.Failed { Reason: var reason }:
                SayFailed(id, reason, null);
                break;
        }
    }

    /// <summary>The way to another model is over.</summary>
    public void Tell(SwitchOutcome outcome)
    {
        foreach (var cut in outcome.Unloaded.Where(unloading => unloading.Cancelled > 0))
            SayCutOff(cut);
        if (outcome.Arrived && _ready != outcome.To)
        {
            _ready = outcome.To;
            notifier.Say("server", strings.ReadyTitle(outcome.To), string.Join(' ', outcome.Unloaded.Select(Ended).OfType<string>()));
        }
        else if (outcome.Fault is { } fault)
        {
            SayFailed(outcome.To, fault, outcome.Back);
        }
    }

    /// <summary>Some requests to a model could not finish.</summary>
    public void SayCutOff(Unloading unloading) =>
        notifier.Say("cut-off", strings.CutOff, strings.CutOffOf(ModelState.NameOf(unloading.Model), unloading.Cancelled));

    /// <summary>Some requests to the server could not finish.</summary>
    public void SayCutOff() => notifier.Say("cut-off", strings.CutOff, strings.CutOffBody);

    private void SayFailed(string id, string reason, string? back) => notifier.Say(
        "model",
        strings.ModelFailed(ModelState.NameOf(id)),
        back is null ? reason : strings.WentBack(reason, ModelState.NameOf(back)),
        new NotificationAction(strings.TryAgain, new MenuCommand.SwitchModel(id)),
        Action(Remedy.ShowLog));

    private string? Ended(Unloading unloading) => unloading.End switch
    {
        UnloadEnd.Drained => strings.ReadyBody(ModelState.NameOf(unloading.Model), drained: true),
        UnloadEnd.Idle => strings.ReadyBody(ModelState.NameOf(unloading.Model), drained: false),
        _ => null,
    };

    private NotificationAction Action(Remedy remedy) => remedy switch
    {
        Remedy.UseFreePort => new(strings.UseFreePort, new MenuCommand.StartOnFreePort()),
        Remedy.ShowLog => new(strings.ShowLog, new MenuCommand.ShowLog()),
        _ => new(strings.TryAgain, new MenuCommand.StartServer()),
    };
}
