using System.Globalization;
using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.Tests.Menu;

/// <summary>From any menu to any other, step by step.</summary>
public sealed class MenuChangeTests
{
    private static readonly Dictionary<string, IReadOnlyList<MenuEntry>> Menus = States.All.ToDictionary(
        pair => pair.Key, pair => MenuBuilder.Build(pair.Value, new Strings(new CultureInfo("en"))).Entries, StringComparer.Ordinal);

    [Fact]
    public void The_steps_lead_from_every_state_to_every_other()
    {
        foreach (var (from, shown) in Menus)
        {
            foreach (var (to, wanted) in Menus)
            {
                var now = shown.ToList();
                Assert.All(MenuChange.Between(shown, wanted), step => Take(now, step));
                Assert.True(now.SequenceEqual(wanted), $"from {from} to {to}");
            }
        }
    }

    [Fact]
    public void Nothing_happens_where_nothing_has_changed() => Assert.Empty(MenuChange.Between(Menus["busy"], Menus["busy"]));

    [Fact]
    public void An_item_that_stays_is_never_taken_out()
    {
        foreach (var shown in Menus.Values)
        {
            foreach (var wanted in Menus.Values)
            {
                var now = shown.ToList();
                // The welcome moves from the top to the bottom.
                var staying = shown.OfType<MenuItem>().Where(item => item.Id != "welcome" && wanted.OfType<MenuItem>().Any(other => other.Id == item.Id && other.Children.Count > 0 == item.Children.Count > 0))
                    .Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
                foreach (var step in MenuChange.Between(shown, wanted))
                {
                    if (step is MenuChange.Remove { Index: var index } && now[index] is MenuItem item)
                        Assert.DoesNotContain(item.Id, staying);
                    Take(now, step);
                }
            }
        }
    }

    [Fact]
    public void A_text_that_becomes_a_submenu_is_made_anew()
    {
        var text = new MenuItem("models", "No Model");
        var menu = text with { Children = [new MenuItem("model", "A")] };
        Assert.Equal([new MenuChange.Remove(0), new MenuChange.Insert(0, menu)], MenuChange.Between([text], [menu]));
    }

    private static void Take(List<MenuEntry> menu, MenuChange step)
    {
        switch (step)
        {
            case MenuChange.Insert insert:
                menu.Insert(insert.Index, insert.Entry);
                break;
            case MenuChange.Remove remove:
                menu.RemoveAt(remove.Index);
                break;
            case MenuChange.Update update:
                Assert.Equal(update.Item.Id, Assert.IsType<MenuItem>(menu[update.Index]).Id);
                menu[update.Index] = update.Item;
                break;
        }
    }
}
