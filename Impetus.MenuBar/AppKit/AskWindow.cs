using AppKit;
using CoreGraphics;
using Impetus.MenuBar.App;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.AppKit;

/// <summary>A question and its answer as it is written. What is written in from outside is not asked before the user does.</summary>
internal sealed class AskWindow : PanelWindow
{
    private readonly AppController _controller;
    private readonly Strings _strings;
    private readonly NSTextField _question = NSTextField.CreateTextField("");
    private readonly NSScrollView _scroll = NSTextView.CreateScrollableTextView();
    private readonly NSButton _button;
    private CancellationTokenSource? _asking;

    public AskWindow(AppController controller, Strings strings) : base("Impetus", width: 520)
    {
        (_controller, _strings) = (controller, strings);
        _button = NSButton.CreateButton(strings.Ask, () => MainThread.Follow(AskOrStopAsync()));
        _button.KeyEquivalent = "\r";
        _question.PlaceholderString = strings.Question;
        _question.AccessibilityLabel = strings.Question;
        _question.WidthAnchor.ConstraintEqualTo(RowWidth - 90).Active = true;
        Answer.Editable = false;
        Answer.AccessibilityLabel = strings.Answer;
        _scroll.HeightAnchor.ConstraintEqualTo(240).Active = true;
        _scroll.WidthAnchor.ConstraintEqualTo(RowWidth).Active = true;
        Fill([Row(_question, _button), _scroll]);
        Window.WillClose += (_, _) => _asking?.Cancel();
    }

    private NSTextView Answer => (NSTextView)_scroll.DocumentView!;

    public void Show(string question)
    {
        if (question.Length > 0)
            _question.StringValue = question;
        Show();
    }

    private async Task AskOrStopAsync()
    {
        if (_asking is { } running)
        {
            running.Cancel();
            return;
        }

        using var asking = _asking = new CancellationTokenSource();
        _button.Title = _strings.Stop;
        Answer.Value = "";
        try
        {
            await foreach (string piece in _controller.AskAsync(_question.StringValue, asking.Token))
                Answer.Value += piece;
        }
        catch (InvalidOperationException fault)
        {
            Answer.Value += fault.Message;
        }
        catch (OperationCanceledException)
        {
            // What was written stays.
        }
        finally
        {
            _asking = null;
            _button.Title = _strings.Ask;
        }
    }
}
