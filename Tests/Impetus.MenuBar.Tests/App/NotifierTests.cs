using System.Globalization;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Impetus.MenuBar.Tests.App;

public sealed class NotifierTests : IDisposable
{
    private readonly INotifications _shown = Substitute.For<INotifications>();
    private readonly FakeTimeProvider _time = new();
    private readonly Notifier _notifier;
    private bool _wanted = true;

    public NotifierTests() => _notifier = new(_shown, new Strings(new CultureInfo("en")), () => _wanted, _time);

    public void Dispose() => _notifier.Dispose();

    [Fact]
    public void The_same_thing_is_not_said_twice_until_it_is_over()
    {
        _notifier.Say("server", "Ready");
        _notifier.Say("server", "Ready");
        _shown.Received(1).Show(new("server", "Ready", ""));
        _notifier.Say("server", "Failed", "why");
        _shown.Received(1).Show(new("server", "Failed", "why"));
        _notifier.Forget("server");
        _notifier.Say("server", "Failed", "why");
        _shown.Received(2).Show(new("server", "Failed", "why"));
    }

    [Fact]
    public void Many_documents_are_one_sentence()
    {
        for (int i = 0; i < 12; i++)
        {
            _notifier.DocumentsAdded(1);
            _time.Advance(Notifier.Window / 2);
        }

        _shown.DidNotReceiveWithAnyArgs().Show(default!);
        _time.Advance(Notifier.Window);
        _shown.Received(1).Show(new("documents.added", "12 Documents Added", ""));
        _time.Advance(Notifier.Window * 10);
        _shown.ReceivedWithAnyArgs(1).Show(default!);
    }

    [Fact]
    public void Failures_name_the_first_reasons()
    {
        foreach (string name in new[] { "a", "b", "c", "d" })
            _notifier.DocumentFailed($"{name}.pdf: damaged");
        _time.Advance(Notifier.Window);
        _shown.Received(1).Show(new("documents.failed", "4 Documents Could Not Be Added", "a.pdf: damaged\nb.pdf: damaged\nc.pdf: damaged"));
    }

    [Fact]
    public void Who_wants_none_gets_none()
    {
        _wanted = false;
        _notifier.Say("server", "Ready");
        _notifier.DocumentsAdded(1);
        _time.Advance(Notifier.Window);
        _shown.DidNotReceiveWithAnyArgs().Show(default!);
    }
}
